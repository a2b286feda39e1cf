package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.mistraloperator.gateway.route.Instance;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.RawClient;
import io.mistraloperator.gateway.testing.StubEngine;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("C7 engines that fail")
class EngineFaultFlowTest extends FlowFixture {
  /** A port on which nobody listens. */
  private static Instance nobody() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return new Instance("127.0.0.1", socket.getLocalPort());
    }
  }

  @Test
  void noInstanceIsReady() {
    gateway.instances(route);

    HttpResponse<String> answer = gateway.post(route, "/chat/completions", HELLO);

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).contains("5");
  }

  @Test
  @DisplayName("C7.2 an instance that refuses connections is passed over")
  void anInstanceThatRefusesConnectionsIsPassedOver() throws Exception {
    engine.streams(StubEngine.answer());
    gateway.instances(route, nobody(), nobody(), engine.instance());

    for (int i = 0; i < 10; i++) {
      assertThat(gateway.post(route, "/chat/completions", HELLO).statusCode()).isEqualTo(200);
    }
    assertThat(engine.seen()).hasSize(10);
  }

  @Test
  @DisplayName("C7.2 three instances are tried and no more")
  void threeInstancesAreTriedAndNoMore() throws Exception {
    gateway.instances(route, nobody(), nobody(), nobody(), nobody());

    HttpResponse<String> answer = gateway.post(route, "/chat/completions", HELLO);

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(gateway.registry().get("mistral.gateway.engine.errors").counter().count())
        .isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {HELLO, HELLO_STREAM})
  @DisplayName("C7.2 the only instance is tried again after it has refused a connection")
  void theOnlyInstanceIsTriedAgain(String body) throws Exception {
    engine.streams(StubEngine.answer());
    engine.close();
    var answer =
        gateway
            .client()
            .sendAsync(
                gateway
                    .request(route, "/chat/completions")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    awaitRefusal();

    engine.reopen();

    assertThat(answer.join().statusCode()).isEqualTo(200);
    assertThat(answer.join().body()).contains("Hello");
    assertThat(gateway.picker().outstanding(engine.instance())).isZero();
  }

  @Test
  @DisplayName("C7.2 the only instance is tried three times and no more")
  void theOnlyInstanceIsTriedThreeTimesAndNoMore() throws Exception {
    gateway.instances(route, nobody());

    assertThat(gateway.post(route, "/chat/completions", HELLO).statusCode()).isEqualTo(503);
    assertThat(refusals()).isEqualTo(3);
  }

  @Test
  @DisplayName("B4.12, C7.2 a client that leaves meanwhile is tried for no more")
  void aClientThatLeavesMeanwhile() throws Exception {
    engine.streams(StubEngine.answer());
    engine.close();
    try (RawClient client = new RawClient(gateway.port())) {
      client.chat(route, HELLO);
      awaitRefusal();
    }
    await().atMost(Duration.ofSeconds(10)).until(() -> gateway.server().running() == 0);
    engine.reopen();

    assertThat(gateway.post(route, "/chat/completions", HELLO).statusCode()).isEqualTo(200);
    await()
        .during(Duration.ofMillis(500))
        .atMost(Duration.ofSeconds(10))
        .until(() -> engine.seen().size() == 1);
  }

  private void awaitRefusal() {
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofSeconds(10))
        .until(() -> refusals() >= 1);
  }

  private double refusals() {
    Counter counter = gateway.registry().find("mistral.gateway.engine.errors").counter();
    return counter == null ? 0 : counter.count();
  }

  @Test
  @DisplayName("C7.2 a request that an instance has seen is not tried again")
  void aRequestThatAnInstanceHasSeenIsNotTriedAgain() {
    engine.plays((request, response) -> request.connection().close());
    gateway.instances(route, engine.instance());

    HttpResponse<String> answer = gateway.post(route, "/chat/completions", HELLO);

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(engine.seen()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  @DisplayName("B4.4, B4.11 death in mid-answer: an error event and then the end, or an error")
  void deathInMidAnswer(boolean stream) {
    engine.plays(
        (request, response) ->
            StubEngine.begin(response)
                .write(StubEngine.frames(StubEngine.text("Hel")))
                .onComplete(sent -> request.connection().close()));

    HttpResponse<String> answer =
        gateway.post(route, "/chat/completions", stream ? HELLO_STREAM : HELLO);

    if (stream) {
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body())
          .contains("\"content\":\"Hel\"")
          .contains("data: {\"error\":{\"code\":\"EngineFailed\"")
          .endsWith("\n\ndata: [DONE]\n\n");
    } else {
      assertThat(answer.statusCode()).isEqualTo(502);
      assertThat(answer.headers().firstValue("x-ms-error-code")).contains("EngineFailed");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\":{\"message\":\"EngineCore encountered an issue. See stack"
            + " trace\",\"type\":\"InternalServerError\",\"code\":500}}",
        "{\"object\":\"error\",\"message\":\"secret path /opt/x\"}",
        "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"abort\",\"stop_reason\":null}]}",
        "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lo\"},\"finish_reason\":\"abort\",\"stop_reason\":null}]}",
        "{broken"
      })
  @DisplayName(
      "B4.4, B4.11, C7.1 an error event of the engine, or that it gave up, ends the answer in our words")
  void errorEvent(String event) {
    engine.streams(StubEngine.text("Hel"), event, "[DONE]");

    String body = gateway.post(route, "/chat/completions", HELLO_STREAM).body();

    assertThat(body).contains("EngineFailed").endsWith("\n\ndata: [DONE]\n\n");
    assertThat(body).doesNotContain("EngineCore", "/opt/x", "broken");
    assertThat(body.split("\\[DONE]", -1)).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "400|{\"error\":{\"code\":400,\"message\":\"request (18004 tokens)"
            + " exceeds\",\"type\":\"exceed_context_size_error\",\"n_prompt_tokens\":18004,\"n_ctx\":2048}}|422|18004",
        "400|{\"error\":{\"message\":\"maximum context length is"
            + " 4096\",\"param\":\"input_tokens\",\"code\":400}}|422|more tokens",
        "400|{\"error\":{\"message\":\"Traceback jinja line 7\",\"code\":400}}|422|cannot take",
        "400|{\"error\":{\"message\":\"min_p must be in [0, 1],"
            + " futures\",\"param\":\"min_p\",\"code\":400}}|422|body.min_p",
        "400|{\"error\":{\"message\":\"jinja\",\"param\":\"body.messages.0.jinja\",\"code\":400}}|422|cannot"
            + " take",
        "404|{\"detail\":\"Not Found\"}|502|failed",
        "404|{\"error\":{\"message\":\"The model 'm' does not exist, jinja\",\"type\":\"NotFoundError\",\"code\":404}}|502|failed",
        "413|{\"error\":{\"message\":\"jinja\",\"code\":413}}|422|cannot take",
        "400|{\"error\":{\"message\":\"This model's maximum context length is 4096 tokens. However,"
            + " your prompt contains 18004 input tokens (parameter=input_tokens,"
            + " value=18004)\",\"param\":\"input_tokens\",\"code\":400}}|422|has 18004 tokens, the"
            + " model takes 4096",
        "500|{\"error\":{\"code\":500,\"message\":\"json.exception.parse\"}}|502|failed",
        "500|{\"error\":{\"code\":500,\"message\":\"cannot schedule new futures after"
            + " shutdown\"}}|503|busy",
        "503|{\"error\":{\"code\":503,\"message\":\"Loading model\"}}|503|busy",
        "401|{\"error\":\"Unauthorized\"}|502|failed",
        "500|<html>oops</html>|502|failed"
      })
  @DisplayName("C7.1, C2.10, G5 what an engine says of an error is told in our words")
  void errorsAreTranslated(int status, String body, int expected, String words) {
    engine.plays((request, response) -> response.setStatusCode(status).end(Buffer.buffer(body)));

    HttpResponse<String> plain = gateway.post(route, "/chat/completions", HELLO);
    HttpResponse<String> streamed = gateway.post(route, "/chat/completions", HELLO_STREAM);

    for (HttpResponse<String> answer : java.util.List.of(plain, streamed)) {
      assertThat(answer.statusCode()).isEqualTo(expected);
      assertThat(answer.body()).contains(words);
      assertThat(answer.body()).doesNotContain("jinja", "json.exception", "html", "futures");
      assertThat(answer.headers().firstValue("retry-after").isPresent()).isEqualTo(expected == 503);
    }
    assertThat(refusals())
        .as("requests that this instance failed")
        .isEqualTo(expected >= 500 ? 2 : 0);
  }

  @Test
  @DisplayName("B7.5, C7.1 of a value that only the engine does not take: place and what was given")
  void aPassedValue() {
    String error = "{\"error\":{\"message\":\"no such mood\",\"param\":\"mood\",\"code\":400}}";
    engine.plays((request, response) -> response.setStatusCode(400).end(Buffer.buffer(error)));

    HttpResponse<String> answer =
        gateway.send(
            gateway
                .request(route, "/chat/completions")
                .header("extra-parameters", "pass-through")
                .POST(BodyPublishers.ofString(HELLO.replace("]", "],\"mood\":\"kind\""))));

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body())
        .contains("body.mood: ", "change it or leave it out (given \\\"kind\\\")")
        .contains("\"input\":\"kind\"")
        .doesNotContain("no such mood");
  }

  @Test
  @DisplayName("an error without end is read no further than it must be")
  void anErrorWithoutEnd() {
    Buffer page = Buffer.buffer("x".repeat(64 * 1024));
    engine.plays(
        (request, response) -> {
          response.setStatusCode(500).setChunked(true);
          pour(response, page);
        });

    assertThat(gateway.post(route, "/chat/completions", HELLO).statusCode()).isEqualTo(502);
    await().atMost(Duration.ofSeconds(10)).until(() -> engine.dropped() == 1);
  }

  private static void pour(HttpServerResponse response, Buffer page) {
    response.write(page).onSuccess(sent -> pour(response, page));
  }

  @Test
  void anEndWithoutAReasonIsAFailure() {
    engine.streams(StubEngine.text("Hel"));

    assertThat(gateway.post(route, "/chat/completions", HELLO).statusCode()).isEqualTo(502);
  }

  @Test
  void aLostDoneIsNone() {
    engine.streams(StubEngine.text("Hello"), StubEngine.chunk("{}", "stop"));

    assertThat(gateway.post(route, "/chat/completions", HELLO_STREAM).body())
        .contains("\"finish_reason\":\"stop\"")
        .endsWith("data: [DONE]\n\n");
  }
}
