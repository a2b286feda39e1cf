package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.mistraloperator.api.Engine;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import io.vertx.core.buffer.Buffer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ChatFlowTest extends FlowFixture {
  @Test
  @DisplayName("A9.3 to A9.8, C1.2: a plain answer has exactly the documented keys, nulls included")
  void plainAzure() {
    engine.streams(StubEngine.answer());

    HttpResponse<String> answer = gateway.post(route, "/chat/completions", HELLO);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).contains("application/json");
    assertThat(answer.headers().firstValue("x-request-id")).isPresent();
    assertThat(
            answer
                .body()
                .replaceAll("\"id\":\"[0-9a-f]{32}\"", "\"id\":\"ID\"")
                .replaceAll("\"created\":[0-9]+", "\"created\":0"))
        .isEqualTo(
            """
            {"id":"ID","object":"chat.completion","created":0,"model":"Mistral-Test","choices":[\
            {"index":0,"message":{"role":"assistant","content":"Hello there","tool_calls":null},\
            "finish_reason":"stop","logprobs":null}],"usage":{"prompt_tokens":5,\
            "total_tokens":7,"completion_tokens":2}}""");
    assertThat(engine.only().path()).isEqualTo("/v1/chat/completions");
    assertThat(engine.only().body().path("stream").asBoolean()).isTrue();
    assertThat(engine.only().body().path("model").asText()).isEqualTo("served-name");
  }

  @Test
  @DisplayName(
      "A10.1 to A10.7, B4.1, B4.7 to B4.9: a streamed answer is framed exactly and carries usage on its last chunk")
  void streamedAzure() {
    engine.streams(StubEngine.answer());

    HttpResponse<String> answer = gateway.post(route, "/chat/completions", HELLO_STREAM);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream");
    assertThat(answer.headers().firstValue("cache-control")).contains("no-cache");
    assertThat(answer.headers().firstValue("x-accel-buffering")).contains("no");
    assertThat(events(answer.body()))
        .extracting(event -> event.path("id").asText() + event.path("created").asLong())
        .containsOnly(events(answer.body()).getFirst().path("id").asText() + now(answer));
    String head =
        "{\"id\":\"ID\",\"object\":\"chat.completion.chunk\",\"created\":0,\"model\":\"Mistral-Test\",\"choices\":[{\"index\":0,\"delta\":";
    assertThat(
            answer
                .body()
                .replaceAll("\"id\":\"[0-9a-f]{32}\"", "\"id\":\"ID\"")
                .replaceAll("\"created\":[0-9]+", "\"created\":0"))
        .isEqualTo(
            "data: "
                + head
                + "{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null,\"logprobs\":null}]}\n\n"
                + "data: "
                + head
                + "{\"content\":\"Hello\"},\"finish_reason\":null,\"logprobs\":null}]}\n\n"
                + "data: "
                + head
                + "{\"content\":\" there\"},\"finish_reason\":null,\"logprobs\":null}]}\n\n"
                + "data: "
                + head
                + "{\"content\":\"\"},\"finish_reason\":\"stop\",\"logprobs\":null}],\"usage\":{\"prompt_tokens\":5,\"total_tokens\":7,\"completion_tokens\":2}}\n\n"
                + "data: [DONE]\n\n");
  }

  private static long now(HttpResponse<String> answer) {
    JsonNode created = events(answer.body()).getFirst().path("created");
    assertThat(created.isIntegralNumber()).isTrue();
    assertThat(created.longValue()).isCloseTo(Instant.now().getEpochSecond(), within(60L));
    return created.longValue();
  }

  private static List<JsonNode> events(String body) {
    return Arrays.stream(body.split("\n\n"))
        .map(event -> event.substring("data: ".length()))
        .filter(data -> !data.equals("[DONE]"))
        .map(data -> Json.parse(data.getBytes(StandardCharsets.UTF_8)).orElseThrow())
        .toList();
  }

  @Test
  @DisplayName("C5, B9.3 on /v1 usage comes in a chunk of its own when asked for, and only there")
  void usageApart() {
    engine.streams(StubEngine.answer());

    HttpResponse<String> answer =
        gateway.post(
            route,
            "/v1/chat/completions",
            HELLO_STREAM.replace("true}", "true,\"stream_options\":{\"include_usage\":true}}"));

    List<JsonNode> events = events(answer.body());
    assertThat(events.getLast().path("choices")).isEmpty();
    assertThat(events.getLast().path("usage").path("total_tokens").asInt()).isEqualTo(7);
    assertThat(events.subList(0, events.size() - 1)).noneMatch(event -> event.has("usage"));
    assertThat(answer.body()).endsWith("data: [DONE]\n\n");
  }

  @Test
  @DisplayName("C6 keys of the engine's own never reach the client; ids and model are ours")
  void nothingOfTheEngine() {
    engine.streams(StubEngine.answer());

    String plain = gateway.post(route, "/v1/chat/completions", HELLO).body();
    String streamed = gateway.post(route, "/v1/chat/completions", HELLO_STREAM).body();

    assertThat(plain + streamed)
        .doesNotContain(
            "chatcmpl", "system_fingerprint", "timings", "other", "tool_calls", "logprobs");
  }

  @Test
  @DisplayName("B4.7, C5 usage that comes late, early or not at all is on the finish chunk")
  void usageWherever() {
    String end = StubEngine.chunk("{}", "stop");
    String text = StubEngine.text("word");
    engine.streams(StubEngine.usage(5, 1), text, end, "[DONE]");
    JsonNode early =
        events(gateway.post(route, "/chat/completions", HELLO_STREAM).body()).getLast();
    engine.streams(text, text, end, "[DONE]");
    JsonNode missing =
        events(gateway.post(route, "/chat/completions", HELLO_STREAM).body()).getLast();

    assertThat(early.path("usage").path("total_tokens").asInt()).isEqualTo(6);
    assertThat(early.path("choices").path(0).path("finish_reason").asText()).isEqualTo("stop");
    assertThat(missing.path("usage").path("completion_tokens").asInt()).isEqualTo(2);
    assertThat(missing.path("usage").path("prompt_tokens").asInt()).isPositive();
  }

  @Test
  @DisplayName("B4.7, C5 a finish reason on a text chunk moves to a chunk of its own")
  void finishOnText() {
    engine.streams(
        StubEngine.chunk("{\"content\":\"cut\"}", "length"), StubEngine.usage(5, 1), "[DONE]");

    List<JsonNode> events = events(gateway.post(route, "/chat/completions", HELLO_STREAM).body());

    assertThat(events).hasSize(3);
    assertThat(events.get(1).path("choices").path(0).path("finish_reason").isNull()).isTrue();
    assertThat(events.get(2).path("choices").path(0).path("finish_reason").asText())
        .isEqualTo("length");
  }

  @Test
  @DisplayName("A15.1 to A15.5, B4.10: calls are sent whole, with ids of nine, streamed and plain")
  void toolCalls() {
    String[] calls = {
      StubEngine.chunk(
          call(
              0,
              "\"id\":\"7XrzrEiVZoHzo8kciJuKBgLxpfq2WXw2\",\"type\":\"function\",",
              "\"name\":\"f\",\"arguments\":\"{\""),
          null),
      StubEngine.chunk(call(0, "", "\"name\":null,\"arguments\":\"\""), null),
      StubEngine.chunk(call(0, "", "\"arguments\":\"}\""), null),
      StubEngine.chunk(
          call(1, "\"id\":\"abc0dF1gh\",", "\"name\":\"g\",\"arguments\":\"{}\""), null),
      StubEngine.chunk("{}", "stop"),
      StubEngine.usage(5, 9),
      "[DONE]"
    };
    String tools =
        ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}},{\"type\":\"function\",\"function\":{\"name\":\"g\"}}]}";
    engine.streams(calls);

    JsonNode plain =
        Json.parse(
                gateway
                    .post(route, "/chat/completions", with(HELLO, tools))
                    .body()
                    .getBytes(StandardCharsets.UTF_8))
            .orElseThrow();
    List<JsonNode> events =
        events(gateway.post(route, "/chat/completions", with(HELLO_STREAM, tools)).body());

    JsonNode message = plain.path("choices").path(0).path("message");
    assertThat(message.path("content").asText("none")).isEmpty();
    assertThat(message.path("tool_calls").path(0).path("id").asText()).matches("[A-Za-z0-9]{9}");
    assertThat(message.path("tool_calls").path(0).path("function"))
        .hasToString("{\"name\":\"f\",\"arguments\":\"{}\",\"call_id\":null}");
    assertThat(message.path("tool_calls").path(1).path("id").asText()).isEqualTo("abc0dF1gh");
    assertThat(plain.path("choices").path(0).path("finish_reason").asText())
        .isEqualTo("tool_calls");
    assertThat(events).hasSize(4);
    assertThat(events.get(2).path("choices").path(0).path("delta").path("tool_calls").path(0))
        .hasToString(
            "{\"index\":1,\"id\":\"abc0dF1gh\",\"type\":\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}");
  }

  private static String with(String body, String rest) {
    return body.substring(0, body.length() - 1) + rest;
  }

  private static String call(int index, String keys, String function) {
    return "{\"tool_calls\":[{\"index\":"
        + index
        + ","
        + keys
        + "\"function\":{"
        + function
        + "}}]}";
  }

  @Test
  @DisplayName("B4.5 characters outside ASCII are escaped in events, so no read can cut them")
  void asciiEvents() {
    engine.streams(StubEngine.text("Größe 日本 🙂"), StubEngine.chunk("{}", "stop"), "[DONE]");

    String body = gateway.post(route, "/chat/completions", HELLO_STREAM).body();

    assertThat(body.chars()).allMatch(c -> c < 128);
    assertThat(events(body).get(1).path("choices").path(0).path("delta").path("content").asText())
        .isEqualTo("Größe 日本 🙂");
  }

  @Test
  @DisplayName("B4.1 to B4.3: an engine's pings, CRLF and cuts anywhere do not show")
  void brokenUpEngine() {
    String stream =
        ": ping\r\n\r\nevent: x\r\ndata: "
            + StubEngine.text("né")
            + "\r\n\r\n: ping\r\n\r\ndata: "
            + StubEngine.chunk("{}", "stop")
            + "\r\n\r\ndata: "
            + StubEngine.usage(5, 1)
            + "\r\n\r\ndata: [DONE]\r\n\r\n";
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
    engine.plays(
        (request, response) -> {
          StubEngine.begin(response);
          for (byte b : bytes) {
            response.write(Buffer.buffer(new byte[] {b}));
          }
          response.end();
        });

    String body = gateway.post(route, "/chat/completions", HELLO_STREAM).body();

    assertThat(body).doesNotContain("ping", "event:", "\r");
    assertThat(events(body)).hasSize(3);
    assertThat(body).endsWith("\n\ndata: [DONE]\n\n");
  }

  @Test
  @DisplayName("C1.1, C1.2 llama.cpp is told explicitly how to sample")
  void explicitSampling() {
    engine.streams(StubEngine.answer());

    gateway.post(route, "/chat/completions", HELLO);

    JsonNode asked = engine.only().body();
    assertThat(asked.path("temperature").asDouble()).isEqualTo(1);
    assertThat(asked.path("top_p").asDouble()).isEqualTo(1);
    assertThat(asked.path("top_k").asInt(-1)).isZero();
    assertThat(asked.path("min_p").asInt(-1)).isZero();
    assertThat(asked.path("stream_options").path("include_usage").asBoolean()).isTrue();
  }

  @Test
  @DisplayName(
      "A18.1, A18.2, A18.4, G7 without a system role the system text reaches the model in the user's turn")
  void systemText() {
    Route folding = Routes.route("folding", Engine.LlamaCpp, Routes.facts(false, false, false));
    gateway.serve(route, folding);
    gateway.instances(folding, engine.instance());
    engine.streams(StubEngine.answer());

    gateway.post(
        folding,
        "/chat/completions",
        "{\"messages\":[{\"role\":\"system\",\"content\":\"Be kind.\"},{\"role\":\"user\",\"content\":\"Hi\"}]}");

    assertThat(engine.only().body().path("messages"))
        .hasToString("[{\"role\":\"user\",\"content\":\"Be kind.\\n\\nHi\"}]");
  }
}
