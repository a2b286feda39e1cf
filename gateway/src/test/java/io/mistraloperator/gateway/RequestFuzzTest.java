package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mistraloperator.api.Engine;
import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.testing.Bodies;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.KeepAliveClient;
import io.mistraloperator.gateway.testing.Mutation;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.Seed;
import io.mistraloperator.gateway.testing.StubEngine;
import io.netty.util.internal.PlatformDependent;
import io.vertx.core.http.HttpServerResponse;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Over the wire; DialectFuzzTest tries 80,000 bodies more with the readers alone. {@code
 * -Dmistral.test.seed} tries others, {@code -Dmistral.fuzz.requests} more or less of them.
 */
@DisplayName(
    "B7.4, B7.1 whatever a client sends gets a well-formed answer, never a fault of the gateway")
class RequestFuzzTest extends FlowFixture {
  private static final int REQUESTS = Integer.getInteger("mistral.fuzz.requests", 100_000);

  /** By then caches are full and code is compiled. */
  private static final int SETTLED = REQUESTS / 4;

  /** What may be held besides; a leak of half a kilobyte for each request is more. */
  private static final long MOST_GROWTH = 32L * 1024 * 1024;

  private static final List<String> PATHS =
      List.of(
          "/endpoints/Chat-One/chat/completions",
          "/endpoints/Chat-One/v1/chat/completions",
          "/endpoints/Chat-One/models/chat/completions",
          "/endpoints/Chat-One/v1/models/chat/completions",
          "/endpoints/Chat-One/score",
          "/endpoints/Chat-One/info",
          "/endpoints/Chat-One/v1/models",
          "/endpoints/Base-One/completions",
          "/endpoints/Base-One/v1/completions",
          "/endpoints/Base-One/score",
          "/projects/team-a/models/chat/completions",
          "/projects/team-a/models/v1/chat/completions",
          "/projects/team-a/models/completions");
  private static final List<String> HEADERS =
      List.of(
          "content-type: application/json",
          "content-type: application/json; charset=utf-8",
          "content-type: text/plain",
          "content-type: ",
          "extra-parameters: pass-through",
          "extra-parameters: drop",
          "extra-parameters: \u00ff",
          "extra-params: error",
          "api-key: wrong",
          "authorization: Basic eDp5",
          "authorization:",
          "accept: text/event-stream",
          "accept-encoding: br, gzip;q=x",
          "x-ms-client-request-id: " + "y".repeat(300),
          "azureml-model-deployment: blue",
          "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
          "transfer-encoding: identity",
          "content-encoding: gzip",
          "connection: upgrade, http2-settings",
          "host: other.example");

  /** An engine that does as it is asked, so that every failure is the gateway's. */
  private void obey(HttpServerResponse response, JsonNode asked) {
    JsonNode choice = asked.path("tool_choice");
    boolean calls = choice.isObject() || choice.asText().equals("required");
    String name = asked.path("tools").path(0).path("function").path("name").asText();
    StubEngine.begin(response)
        .end(
            calls
                ? StubEngine.frames(
                    StubEngine.chunk(
                        "{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\""
                            + name
                            + "\",\"arguments\":\"{}\"}}]}",
                        null),
                    StubEngine.chunk("{}", "stop"),
                    StubEngine.usage(5, 2),
                    "[DONE]")
                : StubEngine.frames(StubEngine.answer()));
  }

  @Test
  void everyRequestIsAnswered() throws Exception {
    engine.plays((request, response) -> obey(response, engine.seen().getLast().body()));
    Route base = Routes.route("Base-One", Engine.LlamaCpp, Routes.base());
    gateway.serve(route, base);
    gateway.instances(base, engine.instance());
    long settled = 0;
    try (KeepAliveClient client = new KeepAliveClient(gateway.port())) {
      for (int i = 0; i < REQUESTS; i++) {
        if (i == SETTLED) {
          settled = held();
        }
        Mutation mutation = new Mutation(Seed.random(i));
        byte[] body = mutation.body(mutation.any(Bodies.ALL));
        String head = head(mutation, i);

        KeepAliveClient.Answer answer = client.send(head, body);

        String words = Seed.words(i) + "\n" + head + new String(body, StandardCharsets.UTF_8);
        assertWellFormed(answer, words);
        engine.seen().clear();
      }
    }
    assertThat(held() - settled).as("bytes more than before").isLessThan(MOST_GROWTH);
    assertThat(gateway.picker().outstanding(engine.instance())).isZero();
    assertThat(gateway.server().running()).isZero();
  }

  /** What the process holds once garbage is gone, on the heap and off it. */
  private static long held() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()
        + PlatformDependent.usedDirectMemory();
  }

  private String head(Mutation mutation, int number) {
    StringBuilder head = new StringBuilder();
    String method = number % 23 == 0 ? mutation.any(List.of("GET", "PUT", "DELETE")) : "POST";
    head.append(method).append(' ').append(mutation.path(mutation.any(PATHS)));
    head.append(" HTTP/1.1\r\n");
    String odd = mutation.any(HEADERS);
    if (!odd.startsWith("host:")) {
      head.append("host: x\r\n");
    }
    if (!odd.startsWith("api-key:")) {
      head.append("api-key: ").append(Routes.PRIMARY).append("\r\n");
    }
    return head.append(mutation.header(odd)).append("\r\n").toString();
  }

  private static void assertWellFormed(KeepAliveClient.Answer answer, String words) {
    assertThat(answer.status()).as(words).isLessThan(500);
    if (answer.status() != 200) {
      assertError(answer, words);
    } else if (answer.headers().get("content-type").equals("text/event-stream")) {
      assertThat(answer.body()).as(words).startsWith("data: {").endsWith("\n\ndata: [DONE]\n\n");
      assertThat(answer.body()).as(words).doesNotContain("\"error\"", "\r");
    } else {
      // The health of an endpoint is a word, all other documents are objects.
      JsonNode document = json(answer.body());
      assertThat(document.isObject() || document.asText().equals("healthy")).as(words).isTrue();
    }
  }

  private static void assertError(KeepAliveClient.Answer answer, String words) {
    JsonNode envelope = json(answer.body());
    String code = envelope.path("error").path("code").asText();
    assertThat(Arrays.stream(ErrorCode.values()))
        .as(words)
        .anyMatch(known -> known.word().equals(code) && known.status() == answer.status());
    assertThat(answer.headers()).as(words).containsEntry("x-ms-error-code", code);
    assertThat(envelope.path("error").path("message").asText()).as(words).isNotBlank();
    assertThat(envelope.path("status").asInt()).as(words).isEqualTo(answer.status());
    assertThat(envelope.path("detail").isArray()).as(words).isEqualTo(answer.status() == 422);
    for (JsonNode problem : envelope.path("detail")) {
      assertThat(problem.path("loc")).as(words).isNotEmpty().allMatch(JsonNode::isTextual);
      assertThat(problem.has("input")).as(words).isTrue();
    }
  }

  private static JsonNode json(String text) {
    return Json.parse(text.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }
}
