package io.mistraloperator.operator.config;

import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/**
 * Makes the framework's meters visible. Its own binder hands out a no-op before the registry is
 * there, and it registers {@code events.received} with two sets of tags, which Prometheus refuses.
 */
@Singleton
class FrameworkMetrics {
  private static final String EVENTS_RECEIVED = "events.received";
  private static final String ACTION = "action";

  @Produces
  @Singleton
  Metrics metrics(MeterRegistry registry) {
    return MicrometerMetricsV2.newBuilder(registry).build();
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
