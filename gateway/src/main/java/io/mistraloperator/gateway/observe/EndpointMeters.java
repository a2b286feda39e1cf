package io.mistraloperator.gateway.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.mistraloperator.gateway.chat.Usage;
import io.mistraloperator.gateway.observe.RequestRecord.EndpointName;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The series of one deployment behind an endpoint. Once removed, nothing is counted any more. */
public final class EndpointMeters {
  private static final Duration[] FIRST_TOKEN_BUCKETS =
      millis(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000);
  private static final Duration[] DURATION_BUCKETS =
      millis(10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000);

  private static final Duration[] HOLD_BUCKETS =
      millis(100, 1_000, 5_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000);

  private static final Duration[] PER_TOKEN_BUCKETS =
      millis(2, 5, 10, 20, 30, 50, 75, 100, 150, 250, 500, 1_000, 2_500);
  private static final double[] TOKEN_BUCKETS = {
    1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144
  };

  private final MeterRegistry registry;
  private final Tags tags;
  private final EndpointLoad load;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Map<Key, Meter> meters = new HashMap<>();
  private boolean removed;

  private record Key(String name, Tags tags) {}

  EndpointMeters(MeterRegistry registry, EndpointName endpoint, EndpointLoad load) {
    this.registry = registry;
    this.load = load;
    this.tags =
        Tags.of(
            "project",
            endpoint.project(),
            "endpoint",
            endpoint.name(),
            "deployment",
            endpoint.deployment());
    gauge("mistral.gateway.in.flight", "Requests being answered", inFlight::get);
    gauge(
        "mistral.gateway.held",
        "Requests that wait for an instance, or for one that is not busy",
        () -> load.read().held());
  }

  private void gauge(String name, String description, Supplier<Number> value) {
    meters.put(
        new Key(name, tags),
        Gauge.builder(name, value).description(description).tags(tags).register(registry));
  }

  /** What the requests to the model amount to. */
  public EndpointLoad load() {
    return load;
  }

  /** A request goes to an instance after a while of waiting. */
  public void held(Duration waited) {
    record("mistral.gateway.hold.wait", tags, HOLD_BUCKETS, waited);
  }

  /** A request begins; {@link #leave} follows. */
  public void begin() {
    inFlight.incrementAndGet();
  }

  /** An instance could not be reached, or failed. */
  public void engineError() {
    increment("mistral.gateway.engine.errors", tags, 1);
  }

  /** A copy of a request to another deployment is over, or was not sent (row D2.6). */
  public void mirrored(String outcome) {
    increment("mistral.gateway.mirrored", tags.and("outcome", outcome), 1);
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
    request.inference().ifPresent(inference -> count(request, inference));
  }

  private void count(RequestRecord request, RequestRecord.Inference inference) {
    Tags labels =
        tags.and(
            GenAi.OPERATION, inference.operation(),
            GenAi.PROVIDER, GenAi.MISTRAL,
            GenAi.MODEL, inference.model());
    boolean failed = request.status() >= 400;
    record(
        GenAi.REQUEST_DURATION,
        labels.and(GenAi.ERROR_TYPE, failed ? request.outcome() : ""),
        DURATION_BUCKETS,
        request.duration());
    request
        .firstToken()
        .ifPresent(first -> record(GenAi.TIME_TO_FIRST_TOKEN, labels, FIRST_TOKEN_BUCKETS, first));
    request.usage().ifPresent(usage -> count(request, labels, usage));
  }

  private void count(RequestRecord request, Tags labels, Usage usage) {
    summarize(labels.and(GenAi.TOKEN_TYPE, "input"), usage.prompt());
    summarize(labels.and(GenAi.TOKEN_TYPE, "output"), usage.completion());
    if (usage.completion() > 1 && request.firstToken().isPresent()) {
      Duration rest = request.duration().minus(request.firstToken().get());
      record(
          GenAi.TIME_PER_OUTPUT_TOKEN,
          labels,
          PER_TOKEN_BUCKETS,
          rest.dividedBy(usage.completion() - 1));
    }
  }

  private synchronized void increment(String name, Tags labels, double by) {
    if (!removed) {
      Meter meter =
          meters.computeIfAbsent(
              new Key(name, labels), key -> Counter.builder(name).tags(labels).register(registry));
      ((Counter) meter).increment(by);
    }
  }

  private synchronized void summarize(Tags labels, long tokens) {
    if (!removed) {
      Meter meter =
          meters.computeIfAbsent(
              new Key(GenAi.TOKEN_USAGE, labels),
              key ->
                  DistributionSummary.builder(GenAi.TOKEN_USAGE)
                      .tags(labels)
                      .serviceLevelObjectives(TOKEN_BUCKETS)
                      .register(registry));
      ((DistributionSummary) meter).record(tokens);
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
