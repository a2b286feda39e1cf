package io.mistraloperator.operator.sweep;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/** What is done by the clock, each for itself: one that fails is tried again and stops no other. */
final class Duties {
  private static final Logger LOG = Logger.getLogger(Duties.class);

  private final Clock clock;
  private final List<Duty> duties;
  private final Map<Duty, Instant> done = new HashMap<>();

  /**
   * One of them.
   *
   * @param name for people
   * @param interval between two that succeeded
   * @param work what is done
   */
  record Duty(String name, Duration interval, Runnable work) {}

  Duties(Clock clock, List<Duty> duties) {
    this.clock = clock;
    this.duties = List.copyOf(duties);
  }

  /** Does what is due, in order. */
  void tick() {
    Instant now = clock.instant();
    for (Duty duty : duties) {
      Instant last = done.get(duty);
      if (last == null || !now.isBefore(last.plus(duty.interval()))) {
        carryOut(duty, now);
      }
    }
  }

  private void carryOut(Duty duty, Instant now) {
    try {
      duty.work().run();
      done.put(duty, now);
    } catch (RuntimeException e) {
      LOG.warnf("Housekeeping failed at %s and is tried again: %s", duty.name(), e);
    }
  }
}
