package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mistraloperator.gateway.observe.SpanExport;
import io.mistraloperator.gateway.testing.Collector;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.GatewayUnderTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** A gateway that sends its spans to a collector. */
abstract class SpanFixture extends FlowFixture {
  static final Duration SOON = Duration.ofSeconds(10);
  static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  static final String PARENT = "b7ad6b7169203331";

  SimpleMeterRegistry registry;
  Collector collector;
  SpanExport export;

  @Override
  protected GatewayUnderTest open() throws Exception {
    collector = new Collector(vertx);
    return gateway(Map.of());
  }

  private GatewayUnderTest gateway(Map<String, String> more) throws Exception {
    Map<String, String> settings = new HashMap<>(collector.settings());
    settings.putAll(more);
    registry = new SimpleMeterRegistry();
    export =
        SpanExport.of(settings, Map.of("service.instance.id", "gateway-0"), registry).orElseThrow();
    return new GatewayUnderTest(vertx, export.tracing());
  }

  /** The same gateway with other settings. */
  void reopen(Map<String, String> more) throws Exception {
    gateway.close();
    export.close(SOON);
    gateway = gateway(more);
    gateway.serve(route);
    gateway.instances(route, engine.instance());
  }

  @AfterEach
  void stopCollector() {
    export.close(SOON);
    collector.close();
  }

  void awaitSpans(int requests, int calls) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(collector.requests()).hasSize(requests);
              assertThat(collector.calls()).hasSize(calls);
            });
  }

  HttpResponse<String> traced(String body, String flags) {
    return gateway.send(
        gateway
            .request(route, "/chat/completions")
            .header("traceparent", "00-" + TRACE + "-" + PARENT + "-" + flags)
            .header("tracestate", "vendor=opaque")
            .POST(BodyPublishers.ofString(body)));
  }
}
