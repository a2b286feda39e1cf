package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.gateway.route.Instance;
import io.mistraloperator.gateway.route.Queueing;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.testing.Collector;
import io.mistraloperator.gateway.testing.RawClient;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import io.vertx.core.MultiMap;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("B0.6 spans of requests and of engine calls at a collector")
class SpanFlowTest extends SpanFixture {
  @ParameterizedTest
  @ValueSource(strings = {HELLO, HELLO_STREAM})
  @DisplayName("a request and its call are parts of the client's trace, one below the other")
  void parents(String body) {
    engine.streams(StubEngine.answer());

    traced(body, "01");

    awaitSpans(1, 1);
    Collector.Seen request = collector.requests().getFirst();
    Collector.Seen call = collector.calls().getFirst();
    assertThat(request.traceId()).isEqualTo(TRACE);
    assertThat(request.parentId()).isEqualTo(PARENT);
    assertThat(request.state()).isEqualTo("vendor=opaque");
    assertThat(call.traceId()).isEqualTo(TRACE);
    assertThat(call.parentId()).isEqualTo(request.spanId());
    assertThat(call.state()).isEqualTo("vendor=opaque");
    MultiMap headers = engine.only().headers();
    assertThat(headers.get("traceparent")).isEqualTo("00-" + TRACE + "-" + call.spanId() + "-01");
    assertThat(headers.get("tracestate")).isEqualTo("vendor=opaque");
    assertThat(call.begin()).isGreaterThanOrEqualTo(request.begin());
    assertThat(call.end()).isGreaterThan(call.begin()).isLessThanOrEqualTo(request.end());
  }

  @ParameterizedTest
  @ValueSource(strings = {HELLO, HELLO_STREAM})
  @DisplayName("they say what was asked, answered and used, and nothing of the content")
  void attributes(String body) {
    engine.streams(StubEngine.answer());

    HttpResponse<String> answer =
        gateway.post(route, "/chat/completions?api-version=2024-05-01-preview", body);

    awaitSpans(1, 1);
    Collector.Seen request = collector.requests().getFirst();
    Collector.Seen call = collector.calls().getFirst();
    assertThat(request.name()).isEqualTo("POST /chat/completions");
    assertThat(request.parentId()).isEmpty();
    assertThat(request.error()).isFalse();
    assertThat(request.values())
        .containsEntry("http.request.method", "POST")
        .containsEntry("http.route", "/chat/completions")
        .containsEntry("http.response.status_code", "200")
        .containsEntry("url.scheme", "http")
        .containsEntry("url.path", "/endpoints/Chat-One/chat/completions")
        .containsEntry("server.address", "127.0.0.1")
        .containsEntry("mistral.project", "team-a")
        .containsEntry("mistral.endpoint", "Chat-One")
        .containsEntry("mistral.deployment", "chat-one-blue")
        .containsEntry("mistral.attempts", "1")
        .containsEntry(
            "mistral.request.id", answer.headers().firstValue("x-request-id").orElseThrow())
        .doesNotContainKey("error.type");
    assertThat(call.name()).isEqualTo("chat Mistral-Test");
    assertThat(call.error()).isFalse();
    assertThat(call.values())
        .containsEntry("http.request.method", "POST")
        .containsEntry("server.address", engine.instance().address())
        .containsEntry("server.port", Integer.toString(engine.instance().port()))
        .doesNotContainKey("error.type");
    boolean stream = body.equals(HELLO_STREAM);
    assertThat(request.values()).containsEntry("gen_ai.request.stream", Boolean.toString(stream));
    assertThat(request.values().containsKey("gen_ai.response.time_to_first_chunk"))
        .isEqualTo(stream);
    for (Collector.Seen span : collector.spans()) {
      assertThat(span.values())
          .containsEntry("gen_ai.operation.name", "chat")
          .containsEntry("gen_ai.provider.name", "mistral_ai")
          .containsEntry("gen_ai.request.model", "Mistral-Test")
          .containsEntry("gen_ai.response.model", "Mistral-Test")
          .containsEntry("gen_ai.response.finish_reasons", "[stop]")
          .containsEntry("gen_ai.usage.input_tokens", "5")
          .containsEntry("gen_ai.usage.output_tokens", "2");
      assertThat(span.toString()).doesNotContain("Hello", "there", Routes.PRIMARY, "api-version");
    }
  }

  @Test
  @DisplayName("each attempt is a call of its own")
  void attempts() throws Exception {
    engine.streams(StubEngine.answer());
    Instance closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = new Instance("127.0.0.1", socket.getLocalPort());
    }
    Route held =
        Routes.queueing(
            route,
            new Queueing(
                OptionalInt.empty(), SOON, Optional.of(new Queueing.Hold(10, 1_000_000, SOON))));
    gateway.serve(held);
    gateway.instances(held, closed);
    var answer =
        gateway
            .client()
            .sendAsync(
                gateway
                    .request(route, "/chat/completions")
                    .POST(BodyPublishers.ofString(HELLO))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    await().atMost(SOON).until(() -> !collector.calls().isEmpty());
    gateway.instances(held, closed, engine.instance());
    assertThat(answer.join().statusCode()).isEqualTo(200);

    await().atMost(SOON).until(() -> !collector.requests().isEmpty());
    Collector.Seen request = collector.requests().getFirst();
    assertThat(collector.calls()).hasSizeGreaterThanOrEqualTo(2);
    assertThat(collector.calls())
        .allSatisfy(call -> assertThat(call.parentId()).isEqualTo(request.spanId()));
    Collector.Seen first = collector.calls().getFirst();
    assertThat(first.error()).isTrue();
    assertThat(first.values())
        .containsEntry("error.type", "unreachable")
        .containsEntry("server.port", Integer.toString(closed.port()));
    Collector.Seen last = collector.calls().getLast();
    assertThat(last.error()).isFalse();
    assertThat(engine.only().headers().get("traceparent")).contains(last.spanId());
    assertThat(request.values())
        .containsEntry("mistral.attempts", Integer.toString(collector.calls().size()));
  }

  @Test
  @DisplayName("a request that is refused is one without calls, and no error of the gateway")
  void refused() {
    gateway.post(route, "/chat/completions", "{}");
    gateway.send(
        gateway.request(route, "/chat/completions").setHeader("authorization", "Bearer no").GET());
    gateway.send(gateway.request(route, "/nowhere").GET());

    awaitSpans(3, 0);
    assertThat(collector.requests())
        .allSatisfy(request -> assertThat(request.error()).isFalse())
        .extracting(request -> request.values().get("error.type"))
        .containsExactly("Invalid input", "Unauthorized", "NotFound");
    assertThat(collector.requests())
        .extracting(Collector.Seen::name)
        .containsExactly("POST /chat/completions", "GET", "GET");
  }

  @Test
  @DisplayName("an engine that fails is an error of both")
  void failed() {
    engine.plays((request, response) -> response.setStatusCode(500).end());

    gateway.post(route, "/chat/completions", HELLO);

    awaitSpans(1, 1);
    assertThat(collector.spans())
        .allSatisfy(span -> assertThat(span.error()).isTrue())
        .allSatisfy(span -> assertThat(span.values()).containsEntry("error.type", "EngineFailed"));
    assertThat(collector.requests().getFirst().values())
        .containsEntry("http.response.status_code", "502");
  }

  @Test
  @DisplayName("a client that leaves ends both")
  void cancelled() throws Exception {
    engine.plays(
        (request, response) ->
            StubEngine.begin(response).write(StubEngine.frames(StubEngine.text("Hel"))));
    try (RawClient client = new RawClient(gateway.port())) {
      client.chat(route, HELLO_STREAM);
      client.readUntil("Hel");
    }

    awaitSpans(1, 1);
    assertThat(collector.requests().getFirst().values()).containsEntry("error.type", "client_gone");
    assertThat(collector.calls().getFirst().values()).containsEntry("error.type", "cancelled");
    assertThat(collector.spans()).allSatisfy(span -> assertThat(span.error()).isFalse());
  }
}
