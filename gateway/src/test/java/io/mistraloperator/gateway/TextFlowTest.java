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
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("B6.1, B6.2 text completions of base models")
class TextFlowTest extends FlowFixture {
  private static final String ONCE = "{\"prompt\":\"Once\"}";
  private static final String ONCE_STREAM = "{\"prompt\":\"Once\",\"stream\":true}";

  /** As llama.cpp sends them: log-probabilities as in chats, usage on the last chunk. */
  private static final String[] LLAMA_CPP = {
    llama(
        " upon",
        "{\"content\":[{\"id\":295,\"token\":\" upon\",\"bytes\":[32],\"logprob\":-0.5,\"top_logprobs\":["
            + "{\"id\":295,\"token\":\" upon\",\"bytes\":[32],\"logprob\":-0.5},"
            + "{\"id\":1,\"token\":\" more\",\"bytes\":[32],\"logprob\":-2.0}]}]}",
        "null"),
    llama(
        " a",
        "{\"content\":[{\"id\":276,\"token\":\" a\",\"bytes\":[32,97],\"logprob\":-0.25,\"top_logprobs\":["
            + "{\"id\":276,\"token\":\" a\",\"bytes\":[32,97],\"logprob\":-0.25}]}]}",
        "null"),
    llama("", "null", "\"length\"")
        .replace(
            "\"timings\"",
            "\"usage\":{\"completion_tokens\":2,\"prompt_tokens\":3,\"total_tokens\":5},\"timings\""),
    "[DONE]"
  };

  /** As vLLM sends them: lists side by side, usage in a chunk of its own. */
  private static final String[] VLLM = {
    vllm(
        " upon",
        "{\"text_offset\":[0],\"token_logprobs\":[-0.5],\"tokens\":[\" upon\"],"
            + "\"top_logprobs\":[{\" upon\":-0.5,\" more\":-2.0}]}",
        "null"),
    vllm(
        " a",
        "{\"text_offset\":[5],\"token_logprobs\":[-0.25],\"tokens\":[\" a\"],"
            + "\"top_logprobs\":[{\" a\":-0.25}]}",
        "\"length\""),
    "{\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\",\"choices\":[],"
        + "\"usage\":{\"prompt_tokens\":3,\"total_tokens\":5,\"completion_tokens\":2}}",
    "[DONE]"
  };

  private final Route base = Routes.route("base", Engine.LlamaCpp, Routes.base());

  private static String llama(String text, String logprobs, String finish) {
    return """
        {"choices":[{"text":"%s","index":0,"logprobs":%s,"finish_reason":%s}],"created":1795648835,\
        "model":"other","system_fingerprint":"b1","object":"text_completion","id":"chatcmpl-k",\
        "timings":{"cache_n":0}}"""
        .formatted(text, logprobs, finish);
  }

  private static String vllm(String text, String logprobs, String finish) {
    return """
        {"id":"cmpl-1","object":"text_completion","created":1795241878,"model":"m","choices":[\
        {"index":0,"text":"%s","logprobs":%s,"finish_reason":%s,"stop_reason":null,\
        "prompt_token_ids":null,"token_ids":null}]}"""
        .formatted(text, logprobs, finish);
  }

  @BeforeEach
  void serveBoth() {
    gateway.serve(route, base);
    gateway.instances(base, engine.instance());
    engine.streams(LLAMA_CPP);
  }

  private static String timeless(HttpResponse<String> answer) {
    return answer
        .body()
        .replaceAll("\"id\":\"[0-9a-f]{32}\"", "\"id\":\"ID\"")
        .replaceAll("\"created\":[0-9]+", "\"created\":0");
  }

  private static List<JsonNode> events(HttpResponse<String> answer) {
    assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream");
    assertThat(answer.body()).endsWith("data: [DONE]\n\n");
    return Arrays.stream(answer.body().split("\n\n"))
        .map(event -> event.substring("data: ".length()))
        .filter(data -> !data.equals("[DONE]"))
        .map(data -> Json.parse(data.getBytes(StandardCharsets.UTF_8)).orElseThrow())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/completions", "/v1/completions"})
  @DisplayName("a plain answer has exactly the documented keys")
  void plain(String path) {
    HttpResponse<String> answer =
        gateway.post(base, path, ONCE.replace("}", ",\"stop\":[\"x\"],\"max_tokens\":2}"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(timeless(answer).replaceAll("\"logprobs\":\\{.*?\\]\\}", "\"logprobs\":L"))
        .isEqualTo(
            """
            {"id":"ID","object":"text_completion","created":0,"model":"Mistral-Base","choices":[\
            {"index":0,"text":" upon a","finish_reason":"length","logprobs":L}],\
            "usage":{"prompt_tokens":3,"total_tokens":5,"completion_tokens":2}}""");
    assertThat(engine.only().path()).isEqualTo("/v1/completions");
    assertThat(engine.only().body())
        .hasToString(
            "{\"model\":\"served-name\",\"prompt\":\"Once\",\"temperature\":1.0,\"top_p\":1.0,"
                + "\"presence_penalty\":0.0,\"frequency_penalty\":0.0,\"max_tokens\":2,\"stop\":[\"x\"],"
                + "\"stream\":true,\"stream_options\":{\"include_usage\":true},\"top_k\":0,\"min_p\":0}");
  }

  @Test
  @DisplayName("B4.1, B4.7 a streamed answer has the same shape, usage on its last event")
  void streamed() {
    List<JsonNode> events = events(gateway.post(base, "/completions", ONCE_STREAM));

    assertThat(events).hasSize(3);
    assertThat(events)
        .allMatch(event -> event.path("object").asText().equals("text_completion"))
        .allMatch(event -> event.path("id").equals(events.getFirst().path("id")))
        .allMatch(event -> event.path("choices").size() == 1);
    assertThat(events.getFirst().path("choices").path(0).path("text").asText()).isEqualTo(" upon");
    assertThat(events.getFirst().path("choices").path(0).path("finish_reason").isNull()).isTrue();
    JsonNode last = events.getLast();
    assertThat(last.path("choices").path(0).path("finish_reason").asText()).isEqualTo("length");
    assertThat(last.path("choices").path(0).path("logprobs").isNull()).isTrue();
    assertThat(last.path("usage").path("total_tokens").asInt()).isEqualTo(5);
    assertThat(events.subList(0, 2)).noneMatch(event -> event.has("usage"));
  }

  @Test
  @DisplayName("B9.3 on /v1 usage comes in an event of its own when asked for, and only there")
  void usageApart() {
    List<JsonNode> events =
        events(
            gateway.post(
                base,
                "/v1/completions",
                ONCE_STREAM.replace("true}", "true,\"stream_options\":{\"include_usage\":true}}")));

    assertThat(events.getLast().path("choices")).isEmpty();
    assertThat(events.getLast().path("usage").path("completion_tokens").asInt()).isEqualTo(2);
    assertThat(events.subList(0, events.size() - 1)).noneMatch(event -> event.has("usage"));
  }

  @ParameterizedTest
  @CsvSource({"LlamaCpp,false", "LlamaCpp,true", "VLLM,false", "VLLM,true"})
  @DisplayName("log-probabilities are lists side by side, whatever form the engine has")
  void logprobs(Engine kind, boolean stream) {
    Route served = Routes.route("text", kind, Routes.base());
    gateway.serve(served);
    gateway.instances(served, engine.instance());
    engine.streams(kind == Engine.VLLM ? VLLM : LLAMA_CPP);
    String body = (stream ? ONCE_STREAM : ONCE).replace("}", ",\"logprobs\":2}");

    HttpResponse<String> answer = gateway.post(served, "/v1/completions", body);

    List<String> lists =
        stream
            ? events(answer).subList(0, 2).stream()
                .map(event -> event.path("choices").path(0).path("logprobs").toString())
                .toList()
            : List.of(
                Json.parse(answer.body().getBytes(StandardCharsets.UTF_8))
                    .orElseThrow()
                    .path("choices")
                    .path(0)
                    .path("logprobs")
                    .toString());
    assertThat(lists)
        .isEqualTo(
            stream
                ? List.of(
                    "{\"tokens\":[\" upon\"],\"token_logprobs\":[-0.5],\"top_logprobs\":[{\" upon\":-0.5,\" more\":-2.0}],\"text_offset\":[0]}",
                    "{\"tokens\":[\" a\"],\"token_logprobs\":[-0.25],\"top_logprobs\":[{\" a\":-0.25}],\"text_offset\":[5]}")
                : List.of(
                    "{\"tokens\":[\" upon\",\" a\"],\"token_logprobs\":[-0.5,-0.25],"
                        + "\"top_logprobs\":[{\" upon\":-0.5,\" more\":-2.0},{\" a\":-0.25}],\"text_offset\":[0,5]}"));
    assertThat(engine.only().body().path("logprobs").asInt()).isEqualTo(2);
    assertThat(answer.body()).doesNotContain("cmpl", "stop_reason", "timings", "fingerprint");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName("B6.1, C1.4 each of n choices is a generation of its own; usage is that of all")
  void choices(boolean stream) {
    String body = (stream ? ONCE_STREAM : ONCE).replace("}", ",\"n\":2,\"seed\":8}");

    HttpResponse<String> answer = gateway.post(base, "/v1/completions", body);

    List<JsonNode> events =
        stream
            ? events(answer)
            : List.of(Json.parse(answer.body().getBytes(StandardCharsets.UTF_8)).orElseThrow());
    String[] texts = {"", ""};
    String[] reasons = {"", ""};
    for (JsonNode event : events) {
      for (JsonNode choice : event.path("choices")) {
        texts[choice.path("index").asInt()] += choice.path("text").asText();
        reasons[choice.path("index").asInt()] += choice.path("finish_reason").asText("");
      }
    }
    assertThat(texts).containsExactly(" upon a", " upon a");
    assertThat(reasons).containsExactly("length", "length");
    assertThat(events).filteredOn(event -> event.has("usage")).containsExactly(events.getLast());
    assertThat(events.getLast().path("usage"))
        .hasToString("{\"prompt_tokens\":3,\"total_tokens\":7,\"completion_tokens\":4}");
    assertThat(engine.seen())
        .extracting(seen -> seen.body().path("seed").asInt())
        .containsExactlyInAnyOrder(8, 9);
  }

  @Test
  @DisplayName("B1 a base model does not chat, a chat model does not continue texts")
  void wrongTask() {
    HttpResponse<String> chat = gateway.post(base, "/v1/chat/completions", HELLO);
    HttpResponse<String> text = gateway.post(route, "/completions", ONCE);

    assertThat(chat.statusCode()).isEqualTo(404);
    assertThat(chat.body()).contains("use /completions");
    assertThat(text.statusCode()).isEqualTo(404);
    assertThat(text.body()).contains("use /chat/completions");
    assertThat(engine.seen()).isEmpty();
  }

  @Test
  @DisplayName("B3.1, B3.4 extras need leave on the Azure route; they reach the engine with it")
  void extras() {
    String body = ONCE.replace("}", ",\"logit_bias\":{\"5\":1}}");

    HttpResponse<String> refused = gateway.post(base, "/completions", body);
    HttpResponse<String> passed =
        gateway.send(
            gateway
                .request(base, "/completions")
                .header("extra-parameters", "pass-through")
                .POST(BodyPublishers.ofString(body)));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("['logit_bias']");
    assertThat(passed.statusCode()).isEqualTo(200);
    assertThat(engine.only().body().path("logit_bias").path("5").asInt()).isEqualTo(1);
  }

  @Test
  @DisplayName("C7.1 a prompt that is too long is a 422 at the prompt")
  void tooLong() {
    engine.plays(
        (request, response) ->
            response
                .setStatusCode(400)
                .end(
                    "{\"error\":{\"code\":400,\"message\":\"secret\",\"type\":\"exceed_context_size_error\",\"n_prompt_tokens\":5000,\"n_ctx\":4096}}"));

    HttpResponse<String> answer = gateway.post(base, "/completions", ONCE);

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body())
        .contains("[\"body\",\"prompt\"]", "The prompt has 5000 tokens")
        .doesNotContain("secret");
  }

  @Test
  @DisplayName("A9.2 the unified endpoint continues texts too")
  void unified() {
    HttpResponse<String> answer =
        gateway.send(
            java.net.http.HttpRequest.newBuilder(gateway.uri("/projects/team-a/models/completions"))
                .header("api-key", Routes.PRIMARY)
                .POST(BodyPublishers.ofString(ONCE.replace("{", "{\"model\":\"BASE\","))));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("text_completion");
  }

  @Test
  @DisplayName("B4.4, B4.11 an engine that dies leaves an error event and the end")
  void death() {
    engine.plays(
        (request, response) ->
            StubEngine.begin(response).end(StubEngine.frames(llama(" upon", "null", "null"))));

    HttpResponse<String> answer = gateway.post(base, "/completions", ONCE_STREAM);

    assertThat(events(answer).getLast().path("error").path("code").asText())
        .isEqualTo("EngineFailed");
  }
}
