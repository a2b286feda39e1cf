package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.gateway.testing.StubEngine;
import io.vertx.core.Future;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("B0.6 which spans reach a collector, and what becomes of those that do not")
class SpanExportFlowTest extends SpanFixture {
  @Test
  @DisplayName("what the client does not sample is not recorded, and told to the engine as that")
  void notSampled() {
    engine.streams(StubEngine.answer());

    traced(HELLO, "00");
    assertThat(engine.only().headers().get("traceparent"))
        .matches("00-" + TRACE + "-[0-9a-f]{16}-00")
        .doesNotContain(PARENT);
    gateway.post(route, "/chat/completions", HELLO);

    awaitSpans(1, 1);
    assertThat(collector.requests().getFirst().traceId()).isNotEqualTo(TRACE);
  }

  @Test
  @DisplayName("a ratio decides about traces that begin here, the client about its own")
  void ratio() throws Exception {
    reopen(
        Map.of("otel.traces.sampler", "parentbased_traceidratio", "otel.traces.sampler.arg", "0"));
    engine.streams(StubEngine.answer());

    gateway.post(route, "/chat/completions", HELLO);
    assertThat(engine.only().headers().get("traceparent")).endsWith("-00");
    traced(HELLO, "01");

    awaitSpans(1, 1);
    assertThat(collector.requests().getFirst().traceId()).isEqualTo(TRACE);
  }

  @Test
  @DisplayName("a collector that is dead harms no request")
  void deadCollector() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    reopen(
        Map.of(
            "otel.exporter.otlp.endpoint", "http://127.0.0.1:" + port,
            "otel.bsp.max.queue.size", "8",
            "otel.bsp.max.export.batch.size", "8"));
    engine.streams(StubEngine.answer());

    for (int i = 0; i < 100; i++) {
      assertThat(gateway.post(route, "/chat/completions", HELLO).statusCode()).isEqualTo(200);
    }
    assertThat(spans("dropped") + spans("failed")).isPositive();
    Future<Void> drained = gateway.server().drain(Duration.ZERO, SOON);
    await().atMost(SOON).until(drained::succeeded);
    long before = System.nanoTime();
    export.close(Duration.ofMillis(500));
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
  }

  private double spans(String outcome) {
    return registry.get("mistral.gateway.spans").tag("outcome", outcome).counter().count();
  }

  @Test
  @DisplayName("the collector is told who sends, by the settings and by the gateway")
  void resource() throws Exception {
    reopen(
        Map.of(
            "otel.resource.attributes", "deployment.environment.name=test",
            "otel.exporter.otlp.headers", "x-tenant=a"));
    gateway.send(gateway.request(route, "/info").GET());

    awaitSpans(1, 0);
    assertThat(collector.resources().getFirst())
        .containsEntry("service.name", "mistral-gateway")
        .containsEntry("service.instance.id", "gateway-0")
        .containsEntry("deployment.environment.name", "test");
    assertThat(collector.headers().getFirst().get("x-tenant")).isEqualTo("a");
  }
}
