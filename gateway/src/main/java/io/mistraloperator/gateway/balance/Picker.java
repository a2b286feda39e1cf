package io.mistraloperator.gateway.balance;

import io.mistraloperator.gateway.route.Instance;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/** Picks instances, least outstanding requests first. */
public final class Picker {
  private final Map<Instance, Integer> outstanding = new ConcurrentHashMap<>();

  /** A picked instance, in use until {@link #release}. */
  public final class Lease {
    private final Instance instance;
    private final AtomicBoolean released = new AtomicBoolean();

    private Lease(Instance instance) {
      this.instance = instance;
    }

    /** The instance. */
    public Instance instance() {
      return instance;
    }

    /** The request is over; later calls do nothing. */
    public void release() {
      if (released.compareAndSet(false, true)) {
        outstanding.computeIfPresent(instance, (key, count) -> count == 1 ? null : count - 1);
      }
    }
  }

  /**
   * Takes the least busy instance; equal ones by chance.
   *
   * @param ready instances that take requests
   * @param tried instances not to take
   * @return empty when none is left
   */
  public Optional<Lease> pick(List<Instance> ready, Set<Instance> tried) {
    Optional<Instance> best = Optional.empty();
    int least = Integer.MAX_VALUE;
    int start = ready.isEmpty() ? 0 : ThreadLocalRandom.current().nextInt(ready.size());
    for (int i = 0; i < ready.size(); i++) {
      Instance candidate = ready.get((start + i) % ready.size());
      int busy = outstanding.getOrDefault(candidate, 0);
      if (busy < least && !tried.contains(candidate)) {
        best = Optional.of(candidate);
        least = busy;
      }
    }
    best.ifPresent(instance -> outstanding.merge(instance, 1, Integer::sum));
    return best.map(Lease::new);
  }

  /** Requests in flight to {@code instance}. */
  public int outstanding(Instance instance) {
    return outstanding.getOrDefault(instance, 0);
  }
}
