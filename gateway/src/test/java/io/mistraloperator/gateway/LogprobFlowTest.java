package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.StubEngine;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A13.8, A19.7, G10 log-probabilities")
class LogprobFlowTest extends FlowFixture {
  private static final String ASKED = "\"logprobs\":true,\"top_logprobs\":2";

  /** A token whose text the stream shows only with the last piece of its character. */
  private static String piece(String text, String token, String bytes, double logprob) {
    return """
    {"choices":[{"index":0,"finish_reason":null,"delta":{"content":"%s"},"logprobs":{"content":[\
    {"id":7,"token":"%s","bytes":%s,"logprob":%s,"top_logprobs":[\
    {"id":7,"token":"%s","bytes":%s,"logprob":%s},{"id":8,"token":"other","bytes":[1],"logprob":-9.5}]}]}}]}\
    """
        .formatted(text, token, bytes, logprob, token, bytes, logprob);
  }

  @BeforeEach
  void answer() {
    engine.streams(
        piece("Grü", "Grü", "[71,114,195,188]", -0.5),
        piece("", "\\ufffd", "[240,159,153]", -0.25),
        piece("🙂", "\\ufffd", "[130]", -0.125),
        piece("!", "!", "[33]", -1),
        StubEngine.chunk("{}", "stop"),
        StubEngine.usage(5, 4),
        "[DONE]");
  }

  private static String body(boolean stream) {
    return "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stream\":"
        + stream
        + ","
        + ASKED
        + "}";
  }

  private static JsonNode json(String text) {
    return Json.parse(text.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  private static List<Integer> integers(JsonNode array) {
    List<Integer> all = new ArrayList<>();
    array.forEach(item -> all.add(item.asInt()));
    return all;
  }

  @Test
  @DisplayName("G10 on /v1 one object has the entries and the four parallel arrays")
  void bothForms() {
    JsonNode logprobs =
        json(gateway.post(route, "/v1/chat/completions", body(false)).body())
            .path("choices")
            .path(0)
            .path("logprobs");

    assertThat(logprobs.properties())
        .extracting(java.util.Map.Entry::getKey)
        .containsExactly("content", "text_offsets", "token_logprobs", "tokens", "top_logprobs");
    assertThat(logprobs.path("content").path(0).properties())
        .extracting(java.util.Map.Entry::getKey)
        .containsExactly("token", "logprob", "bytes", "top_logprobs");
    assertThat(integers(logprobs.path("text_offsets"))).containsExactly(0, 3, 3, 4);
    assertThat(logprobs.path("token_logprobs")).hasToString("[-0.5,-0.25,-0.125,-1.0]");
    assertThat(logprobs.path("tokens").path(0).asText()).isEqualTo("Grü");
    assertThat(logprobs.path("top_logprobs").path(3)).hasToString("{\"!\":-1.0,\"other\":-9.5}");
  }

  @Test
  @DisplayName("A19.7 the pieces of a stream add up to the whole, offsets included")
  void streamed() {
    JsonNode whole =
        json(gateway.post(route, "/v1/chat/completions", body(false)).body())
            .path("choices")
            .path(0)
            .path("logprobs");
    ArrayNode offsets = Json.array();
    ArrayNode tops = Json.array();

    Arrays.stream(gateway.post(route, "/v1/chat/completions", body(true)).body().split("\n\n"))
        .map(event -> event.substring("data: ".length()))
        .filter(data -> !data.equals("[DONE]"))
        .map(data -> json(data).path("choices").path(0).path("logprobs"))
        .forEach(
            logprobs -> {
              logprobs.path("text_offsets").forEach(offsets::add);
              logprobs.path("top_logprobs").forEach(tops::add);
            });

    assertThat(tops).isEqualTo(whole.path("top_logprobs"));
    assertThat(offsets).hasSize(4);
    assertThat(offsets.path(0).asInt()).isZero();
    assertThat(offsets.path(3).asInt()).isEqualTo(4);
  }

  @Test
  @DisplayName("A13.8 on the Azure route, passed through, there are the entries alone")
  void azure() {
    String answer =
        gateway
            .send(
                gateway
                    .request(route, "/chat/completions")
                    .header("extra-parameters", "pass-through")
                    .POST(HttpRequest.BodyPublishers.ofString(body(false))))
            .body();

    JsonNode logprobs = json(answer).path("choices").path(0).path("logprobs");
    assertThat(logprobs.path("content")).hasSize(4);
    assertThat(logprobs.size()).isEqualTo(1);
  }

  @Test
  @DisplayName("B5 a prefix leads the answer, streamed and plain, and shifts the offsets")
  void afterAPrefix() {
    String body =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},"
            + "{\"role\":\"assistant\",\"content\":\"Well: \",\"prefix\":true}],"
            + ASKED;

    JsonNode plain =
        json(gateway.post(route, "/v1/chat/completions", body + "}").body())
            .path("choices")
            .path(0);
    String streamed =
        gateway.post(route, "/v1/chat/completions", body + ",\"stream\":true}").body();

    assertThat(plain.path("message").path("content").asText()).isEqualTo("Well: Grü🙂!");
    assertThat(integers(plain.path("logprobs").path("text_offsets")).getFirst()).isEqualTo(6);
    assertThat(streamed.indexOf("\"content\":\"Well: \"")).isLessThan(streamed.indexOf("Gr"));
    assertThat(streamed.indexOf("\"content\":\"Well: \"")).isPositive();
    assertThat(engine.seen().getFirst().body().path("messages").path(1).path("content").asText())
        .isEqualTo("Well: ");
  }

  @Test
  @DisplayName("B5, C1.8 a grammar would not know of a prefix: both together are refused")
  void prefixAndFormat() {
    String body =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},"
            + "{\"role\":\"assistant\",\"content\":\"{\",\"prefix\":true}],"
            + "\"response_format\":{\"type\":\"json_object\"}}";

    var answer = gateway.post(route, "/v1/chat/completions", body);

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(json(answer.body()).path("detail").path(0).path("loc").path(1).asText())
        .isEqualTo("response_format");
    assertThat(engine.seen()).isEmpty();
  }
}
