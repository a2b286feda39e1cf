package io.mistraloperator.gateway.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.mistraloperator.gateway.observe.RequestRecord.EndpointName;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** The series of one endpoint. Once removed, nothing is counted any more. */
public final class EndpointMeters {
  private static final Duration[] FIRST_TOKEN_BUCKETS =
      millis(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000);
  private static final Duration[] DURATION_BUCKETS =
      millis(10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000);

  private final MeterRegistry registry;
  private final Tags tags;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Map<Key, Meter> meters = new HashMap<>();
  private boolean removed;

  private record Key(String name, Tags tags) {}

  EndpointMeters(MeterRegistry registry, EndpointName endpoint) {
    this.registry = registry;
    this.tags = Tags.of("project", endpoint.project(), "endpoint", endpoint.name());
    meters.put(
        new Key("mistral.gateway.in.flight", tags),
        Gauge.builder("mistral.gateway.in.flight", inFlight, AtomicInteger::get)
            .description("Requests being answered")
            .tags(tags)
            .register(registry));
  }

  /** A request begins; {@link #leave} follows. */
  public void begin() {
    inFlight.incrementAndGet();
  }

  /** An instance could not be reached, or failed. */
  public void engineError() {
    increment("mistral.gateway.engine.errors", tags, 1);
  }

  /** A request that began is over. */
  public void leave() {
    inFlight.decrementAndGet();
  }

  /** Counts a request that is over. */
  public void count(RequestRecord request) {
    Tags operation = tags.and("operation", request.operation());
    increment(
        "mistral.gateway.requests", operation.and("status", request.status() / 100 + "xx"), 1);
    record("mistral.gateway.request.duration", operation, DURATION_BUCKETS, request.duration());
    request
        .firstToken()
        .ifPresent(
            first ->
                record(
                    "mistral.gateway.time.to.first.token", operation, FIRST_TOKEN_BUCKETS, first));
    request
        .usage()
        .ifPresent(
            usage -> {
              increment("mistral.gateway.tokens", tags.and("direction", "input"), usage.prompt());
              increment(
                  "mistral.gateway.tokens", tags.and("direction", "output"), usage.completion());
            });
  }

  private synchronized void increment(String name, Tags labels, double by) {
    if (!removed) {
      Meter meter =
          meters.computeIfAbsent(
              new Key(name, labels), key -> Counter.builder(name).tags(labels).register(registry));
      ((Counter) meter).increment(by);
    }
  }

  private synchronized void record(
      String name, Tags labels, Duration[] buckets, Duration duration) {
    if (!removed) {
      Meter meter =
          meters.computeIfAbsent(
              new Key(name, labels),
              key ->
                  Timer.builder(name)
                      .tags(labels)
                      .serviceLevelObjectives(buckets)
                      .register(registry));
      ((Timer) meter).record(duration);
    }
  }

  /** Takes the series away. */
  synchronized void remove() {
    removed = true;
    meters.values().forEach(registry::remove);
    meters.clear();
  }

  private static Duration[] millis(int... values) {
    return IntStream.of(values).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }
}
