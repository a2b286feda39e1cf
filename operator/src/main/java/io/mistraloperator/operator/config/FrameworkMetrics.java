package io.mistraloperator.operator.config;

import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.stream.IntStream;

/**
 * Makes the framework's meters visible. Its own binder hands out a no-op before the registry is
 * there, and it registers {@code events.received} with two sets of tags, which Prometheus refuses.
 */
@Singleton
class FrameworkMetrics {
  private static final String EVENTS_RECEIVED = "events.received";
  private static final String ACTION = "action";

  /**
   * Buckets of {@code reconciliations_execution_duration_seconds}: of a pass, from start to end.
   */
  private static final Duration[] PASSES =
      IntStream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  @Produces
  @Singleton
  Metrics metrics(MeterRegistry registry) {
    return MicrometerMetricsV2.newBuilder(registry)
        .withExecutionTimerConfig(timer -> timer.serviceLevelObjectives(PASSES))
        .build();
  }

  @Produces
  @Singleton
  MeterFilter oneSetOfTags() {
    return new MeterFilter() {
      @Override
      public Meter.Id map(Meter.Id id) {
        return id.getName().endsWith(EVENTS_RECEIVED) && id.getTag(ACTION) == null
            ? id.withTag(Tag.of(ACTION, "unknown"))
            : id;
      }
    };
  }
}
