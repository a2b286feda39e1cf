package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.mistraloperator.api.Engine;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.RawClient;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A19.3, C8, G3 room for the tokens that a client asks for by number")
class RoomFlowTest extends FlowFixture {
  /** Its 3,100 bytes may be as many tokens, or few. */
  private static final String LONG = "word ".repeat(620);

  private static final String TEXT =
      "{\"choices\":[{\"text\":\" a\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"stop\"}],"
          + "\"usage\":{\"completion_tokens\":1,\"prompt_tokens\":3,\"total_tokens\":4}}";

  private static String body(String text, String rest) {
    return "{\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]" + rest + "}";
  }

  private void counts(String answer) {
    engine.plays(
        (request, response) -> {
          if (request.path().equals("/v1/chat/completions")) {
            StubEngine.begin(response).end(StubEngine.frames(StubEngine.answer()));
          } else if (request.path().equals("/v1/completions")) {
            StubEngine.begin(response).end(StubEngine.frames(TEXT, "[DONE]"));
          } else {
            response.end(answer);
          }
        });
  }

  private static JsonNode problem(HttpResponse<String> answer) {
    return Json.parse(answer.body().getBytes(StandardCharsets.UTF_8))
        .orElseThrow()
        .path("detail")
        .path(0);
  }

  @ParameterizedTest
  @CsvSource({"LlamaCpp,/v1/chat/completions/input_tokens,input_tokens", "VLLM,/tokenize,count"})
  void theEngineCountsWhatMayNotFit(Engine kind, String path, String key) {
    Route counted = Routes.route("counted", kind, Routes.CHAT);
    gateway.serve(route, counted);
    gateway.instances(counted, engine.instance());
    counts("{\"" + key + "\":3097}");

    HttpResponse<String> over =
        gateway.post(counted, "/chat/completions", body(LONG, ",\"max_tokens\":1000"));
    HttpResponse<String> fits =
        gateway.post(counted, "/chat/completions", body(LONG, ",\"max_tokens\":999"));

    assertThat(over.statusCode()).isEqualTo(422);
    assertThat(problem(over).path("loc")).hasToString("[\"body\",\"max_tokens\"]");
    assertThat(problem(over).path("msg").asText()).contains("3097", "1000", "4096", "at most 999");
    assertThat(fits.statusCode()).isEqualTo(200);
    assertThat(engine.seen())
        .extracting(StubEngine.Seen::path)
        .containsExactly(path, path, "/v1/chat/completions");
    assertThat(engine.seen().getFirst().body().path("messages").path(0).path("content").asText())
        .isEqualTo(LONG);
  }

  @ParameterizedTest
  @CsvSource({"LlamaCpp,content", "VLLM,prompt"})
  @DisplayName("B6.1 texts to be continued are counted too: llama.cpp would give fewer tokens")
  void texts(Engine kind, String key) {
    Route counted = Routes.route("counted", kind, Routes.base());
    gateway.serve(counted);
    gateway.instances(counted, engine.instance());
    counts(kind == Engine.VLLM ? "{\"count\":3}" : "{\"tokens\":[1,5,6]}");
    String prompt = "{\"prompt\":\"" + LONG + "\",\"max_tokens\":";

    HttpResponse<String> over = gateway.post(counted, "/completions", prompt + "4094}");
    HttpResponse<String> fits = gateway.post(counted, "/v1/completions", prompt + "4093}");

    assertThat(over.statusCode()).isEqualTo(422);
    assertThat(problem(over).path("loc")).hasToString("[\"body\",\"max_tokens\"]");
    assertThat(problem(over).path("msg").asText())
        .contains("the prompt has 3 tokens", "4094", "4096", "at most 4093");
    assertThat(fits.statusCode()).isEqualTo(200);
    assertThat(engine.seen())
        .extracting(StubEngine.Seen::path)
        .containsExactly("/tokenize", "/tokenize", "/v1/completions");
    assertThat(engine.seen().getFirst().body().path(key).asText()).isEqualTo(LONG);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_tokens\":4000}",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
      })
  @DisplayName("what fits for sure, and what was not asked for by number, costs no count")
  void noCount(String body) {
    counts("{\"input_tokens\":99999}");

    assertThat(gateway.post(route, "/v1/chat/completions", body).statusCode()).isEqualTo(200);
    assertThat(gateway.post(route, "/v1/chat/completions", body(LONG.repeat(3), "")).statusCode())
        .isEqualTo(200);
    assertThat(engine.seen()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"input_tokens\":\"many\"}", "{", "{\"error\":{}}", ""})
  @DisplayName("a server that does not tell is asked for the answer all the same")
  void noAnswer(String answer) {
    counts(answer);

    assertThat(
            gateway
                .post(route, "/chat/completions", body(LONG, ",\"max_completion_tokens\":2000"))
                .statusCode())
        .isEqualTo(400);
    assertThat(
            gateway
                .post(route, "/v1/chat/completions", body(LONG, ",\"max_completion_tokens\":2000"))
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  @DisplayName("a conversation that leaves no room at all is named as the reason")
  void noRoomAtAll() {
    counts("{\"input_tokens\":5000}");

    HttpResponse<String> answer =
        gateway.post(route, "/chat/completions", body(LONG, ",\"max_tokens\":2000"));

    assertThat(problem(answer).path("loc")).hasToString("[\"body\",\"messages\"]");
  }

  @Test
  @DisplayName("B4.12 the client leaves while the engine counts: nothing is generated")
  void clientLeaves() throws Exception {
    engine.plays((request, response) -> {});
    try (RawClient client = new RawClient(gateway.port())) {
      client.chat(route, body(LONG, ",\"max_tokens\":2000"));
      await().atMost(Duration.ofSeconds(10)).until(() -> engine.seen().size() == 1);
    }

    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> gateway.picker().outstanding(engine.instance()) == 0);
    assertThat(engine.seen()).hasSize(1);
  }
}
