package io.mistraloperator.gateway.balance;

import io.mistraloperator.gateway.route.Instance;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/** Instances that keep failing, and that are left out while others can do. Thread-safe. */
final class Outliers {
  private static final Logger LOG = Logger.getLogger(Outliers.class);

  /** An instance that has been gone for so long is another one when it comes back. */
  private static final Duration FORGOTTEN = Duration.ofMinutes(10);

  private final Map<Instance, Health> known = new ConcurrentHashMap<>();
  private final LongSupplier nanos;

  Outliers(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Those that may be chosen: the available ones, or all where that is none. */
  List<Instance> filter(List<Instance> candidates) {
    if (known.isEmpty()) {
      return candidates;
    }
    long now = nanos.getAsLong();
    List<Instance> available =
        candidates.stream()
            .filter(instance -> known.getOrDefault(instance, Health.GOOD).available(now))
            .toList();
    return available.isEmpty() ? candidates : available;
  }

  void picked(Instance instance) {
    known.computeIfPresent(instance, (key, health) -> health.picked(nanos.getAsLong()));
  }

  void undecided(Instance instance) {
    known.computeIfPresent(instance, (key, health) -> health.undecided());
  }

  void answered(Instance instance) {
    Health before = known.remove(instance);
    if (before != null && before.ejected()) {
      LOG.infof("Instance %s:%d answers again", instance.address(), instance.port());
    }
  }

  void failed(Instance instance) {
    long now = nanos.getAsLong();
    known
        .values()
        .removeIf(health -> health.ejected() && now - health.until() > FORGOTTEN.toNanos());
    Health before = known.getOrDefault(instance, Health.GOOD);
    Health after = known.merge(instance, Health.GOOD.failed(now), (old, first) -> old.failed(now));
    if (after.ejections() > before.ejections()) {
      LOG.warnf(
          "Instance %s:%d failed %d times in a row and is left out for %d s where others can do",
          instance.address(),
          instance.port(),
          after.failures(),
          Duration.ofNanos(after.until() - now).toSeconds());
    }
  }
}
