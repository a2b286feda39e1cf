package io.mistraloperator.gateway.hold;

import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.route.Queueing;
import java.time.Duration;

/** What becomes of a request that wants to go to an instance (rows B7, D2.12). */
sealed interface Admission {
  /** How long it may take until what has happened to instances has reached everybody. */
  Duration TABLE_LAG = Duration.ofSeconds(5);

  /**
   * How long a request stays while no instance is ready, where requests do not wait for one to
   * start: it may be ready already, and the table of them a moment late.
   */
  Duration MOMENT = Duration.ofSeconds(1);

  /**
   * As many of one deployment do so at most, and so many bytes: a stopped model costs others
   * nothing.
   */
  Queueing.Hold MOMENTARY = new Queueing.Hold(200, 64L << 20, MOMENT);

  /** It goes. */
  record Go() implements Admission {}

  /** It waits for so long, if nothing changes. */
  record Wait(Duration atMost) implements Admission {}

  /** It does neither. */
  record Refuse(Refusal reason) implements Admission {}

  /**
   * What the decision depends on.
   *
   * @param instances that are ready
   * @param running requests that have a place at an instance
   * @param ahead requests that wait for a place
   * @param waiting those, and the ones that have a place and wait for an instance to connect to
   * @param waitingBytes that the bodies of those have
   * @param bytes of this request's body
   * @param room whether the gateway has room for it among all that wait, for whatever endpoint
   * @param draining whether the gateway is about to go
   * @param wake how long it will probably take until an instance is ready
   */
  record Situation(
      int instances,
      int running,
      int ahead,
      int waiting,
      long waitingBytes,
      long bytes,
      boolean room,
      boolean draining,
      Duration wake) {}

  /** Of a request that comes. */
  static Admission of(Queueing terms, Situation now) {
    if (now.instances() == 0) {
      return terms.hold().map(hold -> hold(hold, now, hold.timeout())).orElseGet(() -> moment(now));
    }
    long capacity = capacity(terms, now.instances());
    long all = now.running() + (long) now.ahead();
    if (all < capacity && now.ahead() == 0) {
      return new Go();
    }
    // Where there is a place for it, those ahead are about to go and it follows them.
    Duration atMost = all < capacity ? TABLE_LAG : terms.patience();
    return all >= 2 * capacity || atMost.isZero() || !now.room()
        ? new Refuse(Refusals.busy())
        : new Wait(atMost);
  }

  /**
   * Of a request that has its place, but found no instance that could be connected to: those ready
   * may be on their way out, and the table of them a moment late.
   *
   * @param untried instances among those ready that it may yet try
   */
  static Admission again(Queueing terms, Situation now, int untried) {
    if (terms.hold().isEmpty()) {
      return new Refuse(now.instances() == 0 ? Refusals.noneReady() : Refusals.unreachable());
    }
    Queueing.Hold hold = terms.hold().get();
    return untried > 0
        ? new Go()
        : hold(hold, now, now.instances() == 0 ? hold.timeout() : TABLE_LAG);
  }

  private static Admission moment(Situation now) {
    return now.draining() || !fits(MOMENTARY, now)
        ? new Refuse(Refusals.noneReady())
        : new Wait(MOMENT);
  }

  private static Admission hold(Queueing.Hold hold, Situation now, Duration atMost) {
    if (now.draining()) {
      return new Refuse(Refusals.draining());
    }
    return fits(hold, now) ? new Wait(atMost) : new Refuse(Refusals.full(now.wake()));
  }

  private static boolean fits(Queueing.Hold hold, Situation now) {
    return now.room()
        && now.waiting() < hold.requests()
        && now.waitingBytes() + now.bytes() <= hold.bytes();
  }

  /** Requests that {@code instances} answer at a time; enough for all where there is no bound. */
  static long capacity(Queueing terms, int instances) {
    return instances == 0
        ? 0
        : terms.perInstance().isEmpty()
            ? Integer.MAX_VALUE
            : (long) terms.perInstance().getAsInt() * instances;
  }
}
