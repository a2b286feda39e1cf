package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.gateway.chat.RequestLimits;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.RawClient;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("B7.6, D2.3 time-outs: an answer for the client, an end for the engine's work")
class TimeLimitFlowTest extends FlowFixture {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofMillis(50);

  private Route limited(Duration total, Duration firstToken, Duration betweenTokens) {
    Route limited =
        Routes.limited(
            route,
            new RequestLimits(total, Duration.ofSeconds(2), firstToken, betweenTokens, 65_536));
    gateway.serve(limited);
    return limited;
  }

  private void assertEngineIsFree() {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(engine.dropped()).isEqualTo(1);
              assertThat(gateway.picker().outstanding(engine.instance())).isZero();
              assertThat(gateway.server().running()).isZero();
            });
    assertThat(engine.seen()).hasSize(1);
  }

  private static void assertRefused(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("x-ms-error-code")).contains(code);
  }

  @ParameterizedTest
  @ValueSource(strings = {HELLO, HELLO_STREAM})
  void noHeadOfAnAnswer(String body) {
    engine.plays((request, response) -> {});

    HttpResponse<String> answer =
        gateway.post(limited(LONG, SHORT, LONG), "/chat/completions", body);

    assertRefused(answer, 504, "GatewayTimeout");
    assertEngineIsFree();
  }

  @ParameterizedTest
  @ValueSource(strings = {HELLO, HELLO_STREAM})
  @DisplayName("a comment is no token")
  void noFirstToken(String body) {
    engine.plays(
        (request, response) -> StubEngine.begin(response).write(Buffer.buffer(": wait\n\n")));

    HttpResponse<String> answer =
        gateway.post(limited(LONG, SHORT, LONG), "/chat/completions", body);

    assertRefused(answer, 504, "GatewayTimeout");
    assertEngineIsFree();
  }

  @Test
  void noEndOfAnErrorOfTheEngine() {
    engine.plays(
        (request, response) -> response.setChunked(true).setStatusCode(500).write("{\"error\""));

    HttpResponse<String> answer =
        gateway.post(limited(LONG, SHORT, LONG), "/chat/completions", HELLO);

    assertRefused(answer, 504, "GatewayTimeout");
    assertEngineIsFree();
  }

  @ParameterizedTest
  @ValueSource(strings = {HELLO, HELLO_STREAM})
  @DisplayName(
      "B4.4, B4.11 silence in mid-answer: an error event and the end of the stream, or an error")
  void silenceInMidAnswer(String body) {
    engine.plays(
        (request, response) ->
            StubEngine.begin(response).write(StubEngine.frames(StubEngine.text("Hel"))));

    HttpResponse<String> answer =
        gateway.post(limited(LONG, LONG, SHORT), "/chat/completions", body);

    if (body.equals(HELLO_STREAM)) {
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body())
          .contains("\"content\":\"Hel\"")
          .contains("data: {\"error\":{\"code\":\"GatewayTimeout\"")
          .endsWith("\n\ndata: [DONE]\n\n");
    } else {
      assertRefused(answer, 504, "GatewayTimeout");
    }
    assertEngineIsFree();
  }

  @ParameterizedTest
  @ValueSource(strings = {HELLO, HELLO_STREAM})
  @DisplayName("an answer without end meets the limit of the whole request")
  void anAnswerWithoutEnd(String body) {
    engine.plays(
        (request, response) -> {
          StubEngine.begin(response);
          babble(response);
        });

    HttpResponse<String> answer =
        gateway.post(limited(Duration.ofMillis(500), LONG, LONG), "/chat/completions", body);

    if (answer.statusCode() == 200) {
      assertThat(body).isEqualTo(HELLO_STREAM);
      assertThat(answer.body())
          .contains("data: {\"error\":{\"code\":\"RequestTimeout\"")
          .endsWith("\n\ndata: [DONE]\n\n");
    } else {
      assertRefused(answer, 408, "RequestTimeout");
    }
    await().atMost(SOON).until(() -> gateway.server().running() == 0);
  }

  private void babble(HttpServerResponse response) {
    response
        .write(StubEngine.frames(StubEngine.text("x")))
        .onSuccess(sent -> vertx.setTimer(5, next -> babble(response)));
  }

  @Test
  void aBodyThatNeverEnds() throws Exception {
    limited(SHORT, LONG, LONG);
    try (RawClient client = new RawClient(gateway.port())) {
      client.write(
          "POST /endpoints/Chat-One/chat/completions HTTP/1.1\r\nhost: x\r\napi-key: "
              + Routes.PRIMARY
              + "\r\ncontent-length: 100\r\n\r\n{");
      assertThat(client.readUntil("\r\n")).contains("408");
      assertThat(client.readUntil("RequestTimeout")).containsIgnoringCase("connection: close");
    }
    assertThat(engine.seen()).isEmpty();
  }

  @Test
  @DisplayName("G17 an endpoint has its own limit of bodies")
  void ownBodyLimit() {
    Route limited = limited(LONG, LONG, LONG);
    engine.streams(StubEngine.answer());

    assertThat(gateway.post(limited, "/chat/completions", HELLO).statusCode()).isEqualTo(200);
    assertRefused(
        gateway.post(limited, "/chat/completions", "\"" + "x".repeat(65_536) + "\""),
        413,
        "RequestEntityTooLarge");
  }
}
