package io.mistraloperator.operator.scaling;

import io.mistraloperator.api.AutoscalingStatus.Reason;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides how many instances one deployment runs, from all that it has been told. Knows no clock
 * and nobody else.
 *
 * <p>The number follows the mean load of a stable window. A short mean far above what the instances
 * should have is a burst: until it has been over for a stable window, the number only grows. Fewer
 * are wanted only after the whole delay asked for fewer, after a window without a gap, and never
 * while a gateway is silent (T-Z8). The last instance goes after a time without any request, which
 * starts when an instance answers (T-Z1); at zero a single request starts one, once (T-Z2).
 */
final class Scaler {
  private final LoadHistory history = new LoadHistory();
  private final Demands demands = new Demands();
  private Instant lastActivity;
  private Optional<Instant> panicSince = Optional.empty();
  private int panicMost;
  private int asked;
  private double mean;
  private Decision decision;

  /**
   * What is to run.
   *
   * @param desired instances, within what the project allows
   * @param asked instances that the load asks for, whatever the project allows
   * @param mean load of the stable window
   * @param reason why {@code desired} is what it is
   * @param since when it last changed; absent when it never has
   */
  record Decision(int desired, int asked, double mean, Reason reason, Optional<Instant> since) {}

  /**
   * Goes on from what was decided before.
   *
   * @param now when that is; what was asked for is taken to be asked for until then
   * @param lastActivity when there last was a request
   */
  Scaler(Decision before, Instant now, Instant lastActivity) {
    this.decision = before;
    this.asked = before.asked();
    this.mean = before.mean();
    this.lastActivity = lastActivity;
    demands.add(now, asked);
  }

  /** What was decided last. */
  Decision decision() {
    return decision;
  }

  /** When there last was, or may have been, a request. */
  Instant lastActivity() {
    return lastActivity;
  }

  /** Keeps to settings that may have changed (T-Z5). */
  Decision keepTo(ScalingSettings settings, Instant now) {
    int desired = settings.within(asked);
    boolean changed = desired != decision.desired();
    decision =
        new Decision(
            desired,
            asked,
            mean,
            changed ? reason(settings, desired) : decision.reason(),
            changed ? Optional.of(now) : decision.since());
    return decision;
  }

  /**
   * Decides anew.
   *
   * @param ready instances that answer
   */
  Decision decide(Reading reading, ScalingSettings settings, int ready, Instant now) {
    history.add(now, reading.load(), settings.stableWindow());
    mean = history.mean(now, settings.stableWindow());
    noteActivity(reading, ready, now);
    int wanted = wanted(settings, ready, now);
    demands.add(now, wanted);
    int most = demands.most(now, settings.scaleDownDelay());
    if (asked == 0) {
      asked = reading.load() > 0 ? Math.max(1, wanted) : 0;
    } else if (isIdle(reading, settings, ready, now)) {
      startOver(now);
    } else if (most > asked || mayFall(reading, settings, now)) {
      asked = Math.max(1, most);
    }
    return keepTo(settings, now);
  }

  /** What was asked for before the idle time says nothing about what comes after it. */
  private void startOver(Instant now) {
    asked = 0;
    panicSince = Optional.empty();
    panicMost = 0;
    demands.clear();
    demands.add(now, 0);
  }

  private void noteActivity(Reading reading, int ready, Instant now) {
    boolean starting = decision.desired() > 0 && ready == 0;
    if (reading.load() > 0 || starting) {
      lastActivity = now;
    }
    reading
        .lastRequest()
        .filter(last -> last.isAfter(lastActivity))
        .ifPresent(last -> lastActivity = last.isAfter(now) ? now : last);
  }

  private int wanted(ScalingSettings settings, int ready, Instant now) {
    int stable = instances(mean, settings);
    double recent = history.mean(now, settings.panicWindow());
    int burst = instances(recent, settings);
    // Not of the rounded numbers: with one instance, a little more than its share would be a burst.
    boolean over = recent >= settings.panicThreshold() * settings.target() * Math.max(1, ready);
    if (over) {
      panicSince = Optional.of(now);
    } else if (panicSince
        .filter(since -> !now.isBefore(since.plus(settings.stableWindow())))
        .isPresent()) {
      panicSince = Optional.empty();
      panicMost = 0;
    }
    if (panicSince.isEmpty()) {
      return stable;
    }
    panicMost = Math.max(panicMost, Math.max(stable, burst));
    return panicMost;
  }

  private static int instances(double load, ScalingSettings settings) {
    return (int) Math.ceil(load / settings.target());
  }

  private boolean isIdle(Reading reading, ScalingSettings settings, int ready, Instant now) {
    return reading.complete()
        && reading.load() == 0
        && ready > 0
        && !now.isBefore(lastActivity.plus(settings.idle()));
  }

  private boolean mayFall(Reading reading, ScalingSettings settings, Instant now) {
    return reading.complete() && history.covers(now, settings.stableWindow());
  }

  private Reason reason(ScalingSettings settings, int desired) {
    if (desired > 0 && decision.desired() == 0 && asked > 0) {
      return Reason.Wake;
    }
    if (asked > desired) {
      return Reason.Maximum;
    }
    if (asked < desired) {
      return Reason.Minimum;
    }
    if (desired == 0) {
      return Reason.Idle;
    }
    return panicSince.isPresent() ? Reason.Burst : Reason.Load;
  }
}
