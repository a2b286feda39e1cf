package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mistraloperator.api.Engine;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers of Mistral's own route, and what both routes of chats have in common. */
class MistralFlowTest extends FlowFixture {
  private static JsonNode json(String text) {
    return Json.parse(text.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  private static String timeless(String body) {
    return body.replaceAll("\"id\":\"[0-9a-f]{32}\"", "\"id\":\"ID\"")
        .replaceAll("\"created\":[0-9]+", "\"created\":0");
  }

  @Test
  @DisplayName("A19.1, A19.5, A19.6, A19.9: a plain answer on /v1 has no unused keys")
  void plain() {
    engine.streams(StubEngine.answer());

    HttpResponse<String> answer = gateway.post(route, "/v1/chat/completions", HELLO);

    assertThat(timeless(answer.body()))
        .isEqualTo(
            """
            {"id":"ID","object":"chat.completion","created":0,"model":"Mistral-Test","choices":[\
            {"index":0,"message":{"role":"assistant","content":"Hello there"},\
            "finish_reason":"stop"}],"usage":{"prompt_tokens":5,\
            "total_tokens":7,"completion_tokens":2}}""");
  }

  @Test
  @DisplayName("A19.5, A19.6, A19.9, B4.6: events on /v1 have deltas without nulls")
  void streamed() {
    engine.streams(StubEngine.answer());

    String[] events =
        timeless(gateway.post(route, "/v1/chat/completions", HELLO_STREAM).body()).split("\n\n");

    String head =
        "data: {\"id\":\"ID\",\"object\":\"chat.completion.chunk\",\"created\":0,\"model\":\"Mistral-Test\",\"choices\":[{\"index\":0,\"delta\":";
    assertThat(events)
        .containsExactly(
            head + "{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}",
            head + "{\"content\":\"Hello\"},\"finish_reason\":null}]}",
            head + "{\"content\":\" there\"},\"finish_reason\":null}]}",
            head
                + "{\"content\":\"\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":5,\"total_tokens\":7,\"completion_tokens\":2}}",
            "data: [DONE]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/chat/completions", "/v1/chat/completions"})
  @DisplayName("A9.6 the model of an answer is the deployed one, whatever the client sent")
  void model(String path) {
    engine.streams(StubEngine.answer());

    String body = HELLO.replace("{\"messages\"", "{\"model\":\"azureai\",\"messages\"");

    assertThat(json(gateway.post(route, path, body).body()).path("model").asText())
        .isEqualTo("Mistral-Test");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName("A12.1, A12.2 JSON that max_tokens cut is told as it is, with length")
  void cutJson(boolean stream) {
    engine.streams(
        StubEngine.text("{\"a\":"),
        StubEngine.chunk("{}", "length"),
        StubEngine.usage(5, 3),
        "[DONE]");
    String body =
        (stream ? HELLO_STREAM : HELLO)
            .replace("]", "],\"max_tokens\":3,\"response_format\":{\"type\":\"json_object\"}");

    HttpResponse<String> answer = gateway.post(route, "/chat/completions", body);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"{\\\"a\\\":\"", "\"finish_reason\":\"length\"");
    assertThat(engine.only().body().path("response_format"))
        .hasToString("{\"type\":\"json_object\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"safe_prompt", "safe_mode"})
  @DisplayName("A14.1 to A14.3: the first message that reaches the model is the documented text")
  void safePrompt(String name) throws Exception {
    engine.streams(StubEngine.answer());

    gateway.post(route, "/v1/chat/completions", HELLO.replace("]", "],\"" + name + "\":true"));

    JsonNode first = engine.only().body().at("/messages/0");
    byte[] digest =
        MessageDigest.getInstance("SHA-256")
            .digest(first.path("content").asText().getBytes(StandardCharsets.UTF_8));
    assertThat(first.path("role").asText()).isEqualTo("system");
    assertThat(HexFormat.of().formatHex(digest))
        .isEqualTo("98aaa7df4de61b8b04b0ae1a1fad65a673a37c6ba1aeadfa5f86171492fd3d41");
    assertThat(engine.only().body().at("/messages/1/content").asText()).isEqualTo("Hello");
  }

  @Test
  @DisplayName("A13.1, A13.7 what the engine does not know may stay without effect")
  void withoutPromise() {
    engine.streams(StubEngine.answer());

    HttpResponse<String> answer =
        gateway.send(
            gateway
                .request(route, "/chat/completions")
                .header("extra-parameters", "pass-through")
                .POST(BodyPublishers.ofString(HELLO.replace("]", "],\"mood\":\"kind\""))));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(engine.only().body().path("mood").asText()).isEqualTo("kind");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"tool_choice\":\"auto\""})
  @DisplayName("A15.1, A15.2, A15.6 to A15.8: the results of calls are answered with text")
  void resultsOfCalls(String choice) {
    engine.streams(StubEngine.answer());
    String history =
        """
        {"messages":[{"role":"user","content":"Weather?"},
         {"role":"assistant","content":"","tool_calls":[
          {"id":"abc0dF1gh","type":"function","function":{"name":"f","arguments":"{}","call_id":null}},
          {"id":"abc0DeFgH","type":"function","function":{"name":"f","arguments":"{}","call_id":null}}]},
         {"role":"tool","tool_call_id":"abc0dF1gh","content":"sun"},
         {"role":"tool","tool_call_id":"abc0DeFgH","content":"rain"}],
         "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}}]%s}\
        """;

    HttpResponse<String> answer =
        gateway.post(route, "/chat/completions", history.formatted(choice));

    JsonNode message = json(answer.body()).path("choices").path(0).path("message");
    assertThat(message.path("content").asText()).isEqualTo("Hello there");
    assertThat(message.path("tool_calls").isNull()).isTrue();
    JsonNode asked = engine.only().body();
    assertThat(asked.path("tools").path(0).path("function"))
        .hasToString("{\"name\":\"f\",\"description\":\"d\",\"parameters\":{\"type\":\"object\"}}");
    assertThat(asked.path("messages").path(1).path("tool_calls")).hasSize(2);
    assertThat(asked.toString()).doesNotContain("call_id\":null");
  }

  @Test
  @DisplayName("A17.4 images count in usage as the engine counts them")
  void imagesCount() {
    Route seeing = Routes.route("Seeing", Engine.VLLM, Routes.seeing());
    gateway.serve(seeing);
    gateway.instances(seeing, engine.instance());
    engine.streams(
        StubEngine.text("A cat"), StubEngine.chunk("{}", "stop"), StubEngine.usage(2380, 2));
    String image =
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"What?\"},"
            + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAAA\"}}]}]}";

    JsonNode usage = json(gateway.post(seeing, "/chat/completions", image).body()).path("usage");

    assertThat(usage)
        .hasToString("{\"prompt_tokens\":2380,\"total_tokens\":2382,\"completion_tokens\":2}");
  }
}
