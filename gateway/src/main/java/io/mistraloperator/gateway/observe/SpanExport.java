package io.mistraloperator.gateway.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Sends spans to a collector by OTLP: in batches, on threads of its own, what is too much dropped
 * and counted. Set by OpenTelemetry's own names ({@code otel.*}, in the environment {@code
 * OTEL_*}).
 */
public final class SpanExport {
  private static final Logger LOG = Logger.getLogger(SpanExport.class);

  private static final String OFF = "otel.sdk.disabled";
  private static final List<String> ENDPOINTS =
      List.of("otel.exporter.otlp.traces.endpoint", "otel.exporter.otlp.endpoint");
  private static final List<String> PROTOCOLS =
      List.of("otel.exporter.otlp.traces.protocol", "otel.exporter.otlp.protocol");
  private static final String PROTOCOL = "http/protobuf";
  private static final String QUEUE = "otel.bsp.max.queue.size";
  private static final int USUAL_QUEUE = 2_048;

  private static final String NAME = "otel.service.name";
  private static final String RESOURCE = "otel.resource.attributes";

  /** Paths are as long as clients like; 512 characters of a value are enough. */
  private static final Map<String, String> DEFAULTS =
      Map.of(PROTOCOLS.getLast(), PROTOCOL, "otel.attribute.value.length.limit", "512");

  /** Metrics are Prometheus' and logs the container's, whatever is set for others. */
  private static final Map<String, String> FIXED =
      Map.of("otel.metrics.exporter", "none", "otel.logs.exporter", "none");

  private static final String SCOPE = "io.mistraloperator.gateway";

  private final OpenTelemetrySdk sdk;

  private SpanExport(OpenTelemetrySdk sdk) {
    this.sdk = sdk;
  }

  /**
   * An export as {@code settings} want it.
   *
   * @param settings names {@code otel.*} with their values
   * @param resource what tells this gateway from others, where the settings do not
   * @return empty when they name no collector, or want nothing sent
   * @throws IllegalArgumentException when they want another protocol than HTTP
   * @throws io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException when they cannot be
   *     understood
   */
  public static Optional<SpanExport> of(
      Map<String, String> settings, Map<String, String> resource, MeterRegistry registry) {
    boolean wanted =
        ENDPOINTS.stream().anyMatch(name -> !settings.getOrDefault(name, "").isBlank());
    if (!wanted || Boolean.parseBoolean(settings.get(OFF))) {
      return Optional.empty();
    }
    PROTOCOLS.forEach(name -> requireHttp(name, settings.getOrDefault(name, PROTOCOL)));
    return Optional.of(new SpanExport(sdk(settings, resource, registry)));
  }

  private static void requireHttp(String name, String protocol) {
    if (!protocol.isBlank() && !protocol.equals(PROTOCOL)) {
      throw new IllegalArgumentException(
          "%s is %s: spans are sent by %s alone, for which collectors have a port of its own, usually 4318"
              .formatted(name, protocol, PROTOCOL));
    }
  }

  private static OpenTelemetrySdk sdk(
      Map<String, String> settings, Map<String, String> resource, MeterRegistry registry) {
    SpanQueue queue = new SpanQueue(registry);
    return AutoConfiguredOpenTelemetrySdk.builder()
        .addPropertiesSupplier(() -> DEFAULTS)
        .addPropertiesSupplier(() -> named(settings))
        .addPropertiesCustomizer(config -> FIXED)
        .addResourceCustomizer((known, config) -> resource(resource).merge(known))
        .addSpanExporterCustomizer((exporter, config) -> queue.counting(exporter))
        .addSpanProcessorCustomizer(
            (processor, config) -> queue.bounding(processor, config.getInt(QUEUE, USUAL_QUEUE)))
        .disableShutdownHook()
        .build()
        .getOpenTelemetrySdk();
  }

  /** The SDK would give a name that says nothing. */
  private static Map<String, String> named(Map<String, String> settings) {
    Map<String, String> named = new HashMap<>(settings);
    if (!settings.getOrDefault(RESOURCE, "").contains("service.name=")) {
      named.putIfAbsent(NAME, "mistral-gateway");
    }
    return named;
  }

  private static Resource resource(Map<String, String> values) {
    AttributesBuilder attributes = Attributes.builder();
    values.forEach(attributes::put);
    return Resource.create(attributes.build());
  }

  /** Makes the spans that are sent. */
  public Tracing tracing() {
    return Tracing.with(sdk.getTracer(SCOPE));
  }

  /**
   * Sends what waits, as far as the collector takes it, and nothing afterwards.
   *
   * @param atMost how long that may take
   */
  public void close(Duration atMost) {
    CompletableResultCode sent = sdk.shutdown().join(atMost.toMillis(), TimeUnit.MILLISECONDS);
    if (!sent.isSuccess()) {
      LOG.warnf("The collector of traces did not take the last spans within %s", atMost);
    }
  }
}
