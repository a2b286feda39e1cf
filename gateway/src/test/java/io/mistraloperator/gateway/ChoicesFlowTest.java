package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.RawClient;
import io.mistraloperator.gateway.testing.StubEngine;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A13.4, C1.4 several choices of one answer")
class ChoicesFlowTest extends FlowFixture {
  private static final Duration SOON = Duration.ofSeconds(10);
  private final AtomicInteger calls = new AtomicInteger();

  private static String body(String rest) {
    return "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]" + rest + "}";
  }

  /** Each generation says another text, of one token more than the one before. */
  private void differentTexts() {
    engine.plays(
        (request, response) -> {
          int call = calls.getAndIncrement();
          StubEngine.begin(response)
              .end(
                  StubEngine.frames(
                      StubEngine.text("text " + call),
                      StubEngine.chunk("{}", call == 1 ? "length" : "stop"),
                      StubEngine.usage(5, call + 1),
                      "[DONE]"));
        });
  }

  private static JsonNode json(String text) {
    return Json.parse(text.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  private static List<JsonNode> events(String body) {
    return Arrays.stream(body.split("\n\n"))
        .map(event -> event.substring("data: ".length()))
        .filter(data -> !data.equals("[DONE]"))
        .map(ChoicesFlowTest::json)
        .toList();
  }

  @Test
  @DisplayName(
      "A22.2, C1.4, C1.7 plain: in order of index, the prompt counted once, all answers counted")
  void plain() {
    differentTexts();

    JsonNode answer =
        json(gateway.post(route, "/v1/chat/completions", body(",\"n\":3,\"seed\":8")).body());

    assertThat(answer.path("choices")).hasSize(3);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      assertThat(answer.path("choices").path(i).path("index").asInt()).isEqualTo(i);
      texts.add(answer.path("choices").path(i).path("message").path("content").asText());
    }
    assertThat(texts).containsExactlyInAnyOrder("text 0", "text 1", "text 2");
    assertThat(answer.path("usage"))
        .hasToString("{\"prompt_tokens\":5,\"total_tokens\":11,\"completion_tokens\":6}");
    assertThat(engine.seen())
        .extracting(seen -> seen.body().path("seed").asLong())
        .containsExactlyInAnyOrder(8L, 9L, 10L);
    assertThat(engine.seen()).noneMatch(seen -> seen.body().has("n"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName(
      "A19.8, C5 streamed: each choice begins and finishes once, usage is on the last chunk alone")
  void streamed(boolean usageApart) {
    differentTexts();
    String options = usageApart ? ",\"stream_options\":{\"include_usage\":true}" : "";

    String body =
        gateway
            .post(route, "/v1/chat/completions", body(",\"n\":2,\"stream\":true" + options))
            .body();

    List<JsonNode> events = events(body);
    assertThat(events.getLast().path("usage").path("completion_tokens").asInt()).isEqualTo(3);
    assertThat(events.subList(0, events.size() - 1)).noneMatch(event -> event.has("usage"));
    assertThat(events.getLast().path("choices")).hasSize(usageApart ? 0 : 1);
    for (int i = 0; i < 2; i++) {
      int index = i;
      List<JsonNode> own =
          events.stream()
              .map(event -> event.path("choices").path(0))
              .filter(choice -> choice.path("index").asInt(-1) == index)
              .toList();
      assertThat(own).hasSize(3);
      assertThat(own.getFirst().path("delta").path("role").asText()).isEqualTo("assistant");
      assertThat(own.getLast().path("finish_reason").isTextual()).isTrue();
    }
    assertThat(body).endsWith("data: [DONE]\n\n");
    assertThat(body.split("\\[DONE]", -1)).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName("C1.4, B4.11 one that fails ends all: an error, or an error event, once")
  void oneFails(boolean stream) {
    engine.plays(
        (request, response) -> {
          if (calls.getAndIncrement() == 0) {
            StubEngine.begin(response).write(StubEngine.frames(StubEngine.text("Hel")));
          } else {
            response.setStatusCode(500).end("{\"error\":{\"message\":\"oops\",\"code\":500}}");
          }
        });

    HttpResponse<String> answer =
        gateway.post(route, "/v1/chat/completions", body(",\"n\":3,\"stream\":" + stream));

    assertThat(answer.body()).contains("\"code\":\"EngineFailed\"");
    assertThat(answer.body().split("\"error\":", -1)).hasSize(2);
    await().atMost(SOON).until(() -> gateway.picker().outstanding(engine.instance()) == 0);
    await().atMost(SOON).until(() -> engine.dropped() >= 1);
  }

  @Test
  void withoutAnInstanceNothingIsAsked() {
    gateway.instances(route);

    HttpResponse<String> answer = gateway.post(route, "/v1/chat/completions", body(",\"n\":4"));

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(engine.seen()).isEmpty();
  }

  @Test
  @DisplayName("B4.12 the client leaves: every generation ends")
  void clientLeaves() throws Exception {
    engine.plays(
        (request, response) ->
            StubEngine.begin(response).write(StubEngine.frames(StubEngine.text("Hel"))));
    try (RawClient client = new RawClient(gateway.port())) {
      client.post(route, "/v1/chat/completions", body(",\"n\":3,\"stream\":true"));
      await().atMost(SOON).until(() -> engine.seen().size() == 3);
    }

    await().atMost(SOON).until(() -> engine.dropped() == 3);
    await().atMost(SOON).until(() -> gateway.picker().outstanding(engine.instance()) == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "17", "-1", "\"many\"", "1.5"})
  void anotherNumberIsRefused(String number) {
    HttpResponse<String> answer =
        gateway.post(route, "/v1/chat/completions", body(",\"n\":" + number));

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(json(answer.body()).path("detail").path(0).path("loc"))
        .hasToString("[\"body\",\"n\"]");
  }
}
