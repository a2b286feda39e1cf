package io.mistraloperator.gateway.hold;

import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.route.Instance;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One request on its way to an instance. Bound to the event loop that made it; what others change
 * of it is guarded by its queue.
 */
public final class Ticket {
  /** Where the request stands. */
  enum State {
    NEW,
    WAITING,
    ADMITTED,
    REFUSED,
    LEFT
  }

  final long bytes;
  final Optional<Set<Instance>> tried;
  State state = State.NEW;
  Duration atMost = Duration.ZERO;
  long since;

  private final Vertx vertx;
  private final Context loop;
  private final EndpointQueue queue;
  private final Waiter waiter;
  private OptionalLong timer = OptionalLong.empty();

  /**
   * Makes a ticket of the current event loop.
   *
   * @param bytes of the request's body
   * @param tried instances that it does not try again, where it has a place; empty: it wants one
   */
  Ticket(
      Vertx vertx, EndpointQueue queue, long bytes, Optional<Set<Instance>> tried, Waiter waiter) {
    this.vertx = vertx;
    this.loop = vertx.getOrCreateContext();
    this.queue = queue;
    this.bytes = bytes;
    this.tried = tried.map(HashSet::new);
    this.waiter = waiter;
  }

  /** Goes, waits or is refused; the waiter is told. Called once. */
  public void enter() {
    switch (queue.enter(this)) {
      case Admission.Go() -> waiter.admitted();
      case Admission.Wait(Duration time) -> {
        waiter.waits();
        arm(time);
      }
      case Admission.Refuse(Refusal reason) -> waiter.refused(reason);
    }
  }

  /** Gives back the place, or waits no longer; nothing is told any more. */
  public void leave() {
    disarm();
    queue.leave(this);
  }

  /** Of the instances not to try, those that have been ready without a break since. */
  public Set<Instance> tried() {
    return tried.map(Set::copyOf).orElse(Set.of());
  }

  /** Says on the event loop that it goes, unless it has left by then. */
  void go() {
    loop.runOnContext(
        turn -> {
          if (queue.isIn(this, State.ADMITTED)) {
            disarm();
            waiter.admitted();
          }
        });
  }

  /** Says on the event loop that it does not, unless it has left by then. */
  void refuse(Refusal reason) {
    loop.runOnContext(
        turn -> {
          if (queue.isIn(this, State.REFUSED)) {
            disarm();
            waiter.refused(reason);
          }
        });
  }

  private void arm(Duration time) {
    // A delay below one millisecond is refused.
    timer = OptionalLong.of(vertx.setTimer(time.toMillis() + 1, due -> late()));
  }

  private void late() {
    queue.late(this).ifPresent(this::arm);
  }

  private void disarm() {
    timer.ifPresent(vertx::cancelTimer);
    timer = OptionalLong.empty();
  }
}
