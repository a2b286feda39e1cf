package io.mistraloperator.operator.scaling;

import io.mistraloperator.api.Autoscaling;
import io.mistraloperator.api.AutoscalingStatus;
import io.mistraloperator.api.AutoscalingStatus.Reason;
import io.mistraloperator.operator.scaling.Scaler.Decision;
import io.mistraloperator.operator.scaling.Scaling.Automatic;
import io.mistraloperator.operator.scaling.Scaling.Bounds;
import io.mistraloperator.operator.scaling.Scaling.Observed;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One deployment whose load is followed: its scaler, and what has been told of it. What is told
 * changes with each decision, otherwise seldom, since telling is writing a status.
 */
final class Followed {
  /** Between two times at which only numbers are told anew. */
  private static final Duration REFRESH = Duration.ofSeconds(30);

  /** Times of single requests are not told. */
  private static final Duration IDLE_TOLD_AFTER = Duration.ofMinutes(1);

  private final Scaler scaler;
  private final Consumer<Reason> changed;
  private Autoscaling spec;
  private int concurrency;
  private Optional<Running> running = Optional.empty();
  private boolean read;
  private Automatic told;
  private Instant toldAt;
  private Optional<Instant> waking;

  /**
   * Goes on from what a status says.
   *
   * @param before what was told last; absent when load begins to decide
   * @param replicas what was applied last; absent when nothing was
   * @param changed told with each other number of instances
   */
  Followed(
      Autoscaling spec,
      int concurrency,
      Optional<AutoscalingStatus> before,
      Optional<Integer> replicas,
      Observed observed,
      Instant now,
      Consumer<Reason> changed) {
    this.changed = changed;
    this.spec = spec;
    this.concurrency = concurrency;
    var status = before.orElseGet(() -> begin(settings(now), replicas.orElse(0)));
    int desired = carriedOut(Objects.requireNonNullElse(status.desired(), 1), before, replicas);
    this.scaler =
        new Scaler(
            new Decision(
                desired,
                desired == 0
                    ? 0
                    : Math.max(desired, Objects.requireNonNullElse(status.asked(), desired)),
                Objects.requireNonNullElse(status.load(), 0),
                Objects.requireNonNullElse(status.reason(), Reason.Load),
                instant(status.lastScaleTime())),
            now,
            instant(status.idleSince()).orElse(now));
    this.told = new Automatic(status, bounds(settings(now)), observed);
    this.toldAt = now;
    this.waking = Optional.empty();
  }

  /**
   * What was decided last. A process may have ended after it carried that out and before it wrote
   * the status; with quota, less may have been carried out.
   */
  private static int carriedOut(
      int told, Optional<AutoscalingStatus> before, Optional<Integer> replicas) {
    if (before.isEmpty() || replicas.isEmpty()) {
      return told;
    }
    return replicas.get() == 0 ? 0 : Math.max(told, replicas.get());
  }

  /**
   * What is there stays until load has decided. A new deployment runs once, so that what is wrong
   * with it shows before it is needed.
   */
  private static AutoscalingStatus begin(ScalingSettings settings, int instances) {
    int first = settings.within(Math.max(1, instances));
    return new AutoscalingStatus(first, first, 0, settings.target(), Reason.Started, null, null);
  }

  /** What people are told. */
  synchronized Automatic told() {
    return told;
  }

  /** What runs; absent while nothing does. */
  synchronized Optional<Running> running() {
    return running;
  }

  /** Keeps to the spec, which may have changed. */
  synchronized Automatic keepTo(Autoscaling newest, Instant now) {
    // What cannot be read must not be what later decisions are made by.
    var settings = ScalingSettings.of(newest, concurrency, now);
    spec = newest;
    decided(scaler.keepTo(settings, now), told.observed(), now, true);
    return told;
  }

  /** Takes in what runs, and tells how long a start from zero took when it has just ended. */
  synchronized Optional<Duration> run(Running seen, Instant now) {
    running = Optional.of(seen);
    concurrency = seen.concurrency();
    if (seen.ready() == 0 || waking.isEmpty()) {
      return Optional.empty();
    }
    var took = Duration.between(waking.get(), now);
    waking = Optional.empty();
    return Optional.of(took);
  }

  /** Nothing runs whose load could be followed. */
  synchronized void rest() {
    running = Optional.empty();
  }

  /** Decides anew; whether there is something to tell. */
  synchronized boolean decide(Gateways gateways, Instant now) {
    if (running.isEmpty()) {
      return false;
    }
    String load = running.get().load();
    var reading = read ? gateways.reading(load) : gateways.firstReading(load);
    read = true;
    var decision = scaler.decide(reading, settings(now), running.get().ready(), now);
    Observed observed =
        gateways.silence().<Observed>map(Observed.Stale::new).orElseGet(Observed.Current::new);
    return decided(decision, observed, now, false);
  }

  private boolean decided(Decision decision, Observed observed, Instant now, boolean quietly) {
    var fresh = new Automatic(status(decision, now), bounds(settings(now)), observed);
    if (fresh.status().desired() > 0 && told.atZero()) {
      waking = Optional.of(now);
    }
    boolean refresh = !quietly && !now.isBefore(toldAt.plus(REFRESH));
    if (fresh.equals(told) || !(refresh || differs(fresh, told))) {
      return false;
    }
    boolean another = !fresh.status().desired().equals(told.status().desired());
    told = fresh;
    toldAt = now;
    if (another) {
      changed.accept(fresh.status().reason());
    }
    return true;
  }

  /** Whether more than the numbers is another. */
  private static boolean differs(Automatic one, Automatic other) {
    return !withoutNumbers(one).equals(withoutNumbers(other));
  }

  private static Automatic withoutNumbers(Automatic automatic) {
    var status = automatic.status();
    return new Automatic(
        new AutoscalingStatus(
            status.desired(),
            null,
            null,
            status.target(),
            status.reason(),
            status.lastScaleTime(),
            status.idleSince()),
        automatic.bounds(),
        automatic.observed());
  }

  private AutoscalingStatus status(Decision decision, Instant now) {
    return new AutoscalingStatus(
        decision.desired(),
        decision.asked(),
        (int) Math.ceil(decision.mean()),
        settings(now).target(),
        decision.reason(),
        decision.since().map(Followed::text).orElse(null),
        scaler.lastActivity().isAfter(now.minus(IDLE_TOLD_AFTER))
            ? null
            : text(scaler.lastActivity()));
  }

  private ScalingSettings settings(Instant now) {
    return ScalingSettings.of(spec, concurrency, now);
  }

  private static Bounds bounds(ScalingSettings settings) {
    return new Bounds(settings.min(), settings.max());
  }

  private static String text(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static Optional<Instant> instant(String text) {
    return Optional.ofNullable(text).map(Instant::parse);
  }
}
