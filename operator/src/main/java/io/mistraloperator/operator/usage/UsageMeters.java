package io.mistraloperator.operator.usage;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter.Id;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.mistraloperator.operator.config.OperatorConfig;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Counters of use, by project, deployment with its uid, model and machine type: {@code
 * mistral_instance_seconds_total}, {@code mistral_core_seconds_total}, {@code
 * mistral_gpu_seconds_total} and {@code mistral_cost_total}, in the platform's currency. They go on
 * from the ledgers after a restart, so that what Prometheus sees of them only ever grows.
 */
@Singleton
public class UsageMeters {
  /** Longer than it takes to hear that an instance ended: what was shown is not taken back. */
  private static final Duration BEHIND = Duration.ofSeconds(10);

  private final MeterRegistry registry;
  private final String currency;
  private final Clock clock;
  private final Map<Key, Series> series = new HashMap<>();

  private record Key(String project, String uid, String instanceType) {}

  public UsageMeters(MeterRegistry registry, OperatorConfig config, Clock clock) {
    this.registry = registry;
    this.currency = config.billing().currency();
    this.clock = clock;
  }

  /** Shows a ledger, and what is in it no more no longer. */
  synchronized void show(ProjectUsage usage) {
    usage
        .meters()
        .forEach(
            (uid, meter) ->
                types(meter)
                    .forEach(
                        type ->
                            series.computeIfAbsent(
                                        new Key(usage.project(), uid, type),
                                        key -> new Series(key, meter))
                                    .meter =
                                meter));
    series
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone =
                  entry.getKey().project().equals(usage.project())
                      && !usage.meters().containsKey(entry.getKey().uid());
              if (gone) {
                entry.getValue().ids.forEach(registry::remove);
              }
              return gone;
            });
  }

  private static Set<String> types(Meter meter) {
    Set<String> types = new TreeSet<>(meter.totals().keySet());
    meter.running().forEach(instance -> types.add(instance.rate().instanceType()));
    return types;
  }

  /** What is counted of one deployment on one machine type. */
  private final class Series {
    private final String instanceType;
    private final Map<String, Double> shown = new HashMap<>();
    private final List<Id> ids = new ArrayList<>();
    private volatile Meter meter;

    Series(Key key, Meter meter) {
      this.instanceType = key.instanceType();
      this.meter = meter;
      var tags =
          Tags.of(
              "project",
              key.project(),
              "deployment",
              meter.deployment(),
              "uid",
              key.uid(),
              "model",
              meter.model(),
              "instance_type",
              instanceType);
      count("mistral.instance.seconds", "Seconds of instances", tags, Amount::seconds);
      count("mistral.core.seconds", "Seconds of CPU cores", tags, Amount::coreSeconds);
      count("mistral.gpu.seconds", "Seconds of GPUs", tags, Amount::gpuSeconds);
      count(
          "mistral.cost",
          "Cost of instances by the prices of their machine types",
          tags.and("currency", currency),
          amount -> amount.cost().doubleValue());
    }

    private void count(String name, String description, Tags tags, Function<Amount, Number> part) {
      ids.add(
          FunctionCounter.builder(
                  name,
                  this,
                  series -> series.value(name, part.apply(series.amount()).doubleValue()))
              .description(description)
              .tags(tags)
              .register(registry)
              .getId());
    }

    private Amount amount() {
      var counted = meter;
      Instant until = clock.instant().minus(BEHIND);
      var amount =
          counted.totals().getOrDefault(instanceType, new Amount(0, 0, 0, BigDecimal.ZERO));
      for (var instance : counted.running()) {
        Instant from = instance.since().isAfter(counted.asOf()) ? instance.since() : counted.asOf();
        if (instance.rate().instanceType().equals(instanceType) && until.isAfter(from)) {
          amount =
              amount.plus(Amount.of(instance.rate(), Duration.between(from, until).toSeconds()));
        }
      }
      return amount;
    }

    private synchronized double value(String name, double value) {
      return shown.merge(name, value, Math::max);
    }
  }
}
