package io.mistraloperator.gateway.balance;

import io.mistraloperator.gateway.route.Instance;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/** Picks instances for requests, and counts what each has to do. Thread-safe. */
public final class Picker {
  private final Map<Instance, Long> outstanding = new ConcurrentHashMap<>();
  private final Outliers outliers;

  /**
   * Makes a picker; no instance has anything to do.
   *
   * @param nanos nanoseconds since some moment
   */
  public Picker(LongSupplier nanos) {
    this.outliers = new Outliers(nanos);
  }

  /** A picked instance, in use until {@link #release}. */
  public final class Lease {
    private final Instance instance;
    private final long tokens;
    private final AtomicBoolean decided = new AtomicBoolean();
    private final AtomicBoolean released = new AtomicBoolean();

    private Lease(Instance instance, long tokens) {
      this.instance = instance;
      this.tokens = tokens;
    }

    /** The instance. */
    public Instance instance() {
      return instance;
    }

    /** The instance answers; only the first verdict counts. */
    public void answered() {
      if (decided.compareAndSet(false, true)) {
        outliers.answered(instance);
      }
    }

    /** The instance could not be reached, or failed; only the first verdict counts. */
    public void failed() {
      if (decided.compareAndSet(false, true)) {
        outliers.failed(instance);
      }
    }

    /** The request is over; later calls do nothing. */
    public void release() {
      if (released.compareAndSet(false, true)) {
        outstanding.computeIfPresent(
            instance, (key, count) -> count == tokens ? null : Long.valueOf(count - tokens));
        if (decided.compareAndSet(false, true)) {
          outliers.undecided(instance);
        }
      }
    }
  }

  /**
   * Takes an instance.
   *
   * @param ready instances that take requests
   * @param tried instances not to take
   * @return empty when none is left
   */
  public Optional<Lease> pick(List<Instance> ready, Set<Instance> tried, Demand demand) {
    List<Instance> untried =
        tried.isEmpty()
            ? ready
            : ready.stream().filter(instance -> !tried.contains(instance)).toList();
    Optional<Instance> chosen =
        BoundedHashing.choose(demand, outliers.filter(untried), this::outstanding);
    chosen.ifPresent(
        instance -> {
          outstanding.merge(instance, demand.tokens(), Long::sum);
          outliers.picked(instance);
        });
    return chosen.map(instance -> new Lease(instance, demand.tokens()));
  }

  /** Tokens that {@code instance} has to read and write for requests in flight. */
  public long outstanding(Instance instance) {
    return outstanding.getOrDefault(instance, 0L);
  }
}
