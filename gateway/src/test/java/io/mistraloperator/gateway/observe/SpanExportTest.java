package io.mistraloperator.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mistraloperator.gateway.testing.Collector;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("B0.6 the export of spans")
class SpanExportTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private Optional<SpanExport> of(Map<String, String> settings) {
    return SpanExport.of(settings, Map.of(), registry);
  }

  private double count(String outcome) {
    return registry.get("mistral.gateway.spans").tag("outcome", outcome).counter().count();
  }

  private static void spans(Tracing tracing, int number) {
    for (int i = 0; i < number; i++) {
      TraceContext context =
          TraceContext.of(Optional.empty(), Optional.empty(), new java.util.Random(i));
      tracing.call(context, "chat", "m", "127.0.0.1", 1).orElseThrow().unreachable();
    }
  }

  @Test
  void thereIsNoneWithoutACollector() {
    assertThat(of(Map.of())).isEmpty();
    assertThat(of(Map.of("otel.exporter.otlp.endpoint", ""))).isEmpty();
    assertThat(
            of(Map.of("otel.exporter.otlp.endpoint", "http://x:4318", "otel.sdk.disabled", "true")))
        .isEmpty();
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void whileOffThereAreNoSpans() {
    TraceContext context =
        TraceContext.of(Optional.empty(), Optional.empty(), new java.util.Random(1));

    assertThat(Tracing.off().request(context, "POST", "http", "x", "/")).isEmpty();
    assertThat(Tracing.off().call(context, "chat", "m", "127.0.0.1", 1)).isEmpty();
  }

  @Test
  void anotherProtocolIsRefusedByName() {
    assertThatThrownBy(
            () ->
                of(
                    Map.of(
                        "otel.exporter.otlp.endpoint", "http://x:4317",
                        "otel.exporter.otlp.protocol", "grpc")))
        .hasMessageContainingAll("otel.exporter.otlp.protocol", "grpc", "http/protobuf", "4318");
  }

  @Test
  void aSettingThatCannotBeUnderstoodIsRefusedByName() {
    assertThatThrownBy(
            () ->
                of(
                    Map.of(
                        "otel.exporter.otlp.endpoint", "http://x:4318",
                        "otel.traces.sampler", "sometimes")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("otel.traces.sampler", "sometimes");
  }

  @Test
  @DisplayName("all that is recorded is exported, dropped for want of room, or failed")
  void counted() throws Exception {
    try (Collector collector = new Collector(vertx)) {
      Map<String, String> settings = new HashMap<>(collector.settings());
      settings.put("otel.bsp.schedule.delay", "60000");
      settings.put("otel.bsp.max.queue.size", "100");
      settings.put("otel.bsp.max.export.batch.size", "100");
      collector.fallsSilent();
      SpanExport export = of(settings).orElseThrow();

      spans(export.tracing(), 100);
      await().atMost(SOON).until(() -> collector.spans().size() == 100);
      spans(export.tracing(), 30);

      assertThat(count("dropped")).isEqualTo(30);
      assertThat(count("exported")).isZero();
      long before = System.nanoTime();
      export.close(Duration.ofMillis(200));
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
    }
  }

  @Test
  void theLastSpansAreSentAtTheEnd() throws Exception {
    try (Collector collector = new Collector(vertx)) {
      Map<String, String> settings = new HashMap<>(collector.settings());
      settings.put("otel.bsp.schedule.delay", "60000");
      SpanExport export = of(settings).orElseThrow();
      spans(export.tracing(), 3);
      assertThat(collector.spans()).isEmpty();

      export.close(SOON);

      assertThat(collector.spans()).hasSize(3);
      assertThat(count("exported")).isEqualTo(3);
    }
  }

  @Test
  @DisplayName(
      "a collector that cannot be reached is counted, and delays the end no longer than allowed")
  void dead() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    SpanExport export =
        of(Map.of(
                "otel.exporter.otlp.endpoint", "http://127.0.0.1:" + port,
                "otel.java.exporter.otlp.retry.disabled", "true",
                "otel.bsp.schedule.delay", "20"))
            .orElseThrow();

    spans(export.tracing(), 5);

    await().atMost(SOON).until(() -> count("failed") == 5);
    spans(export.tracing(), 5);
    long before = System.nanoTime();
    export.close(Duration.ofMillis(500));
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
  }
}
