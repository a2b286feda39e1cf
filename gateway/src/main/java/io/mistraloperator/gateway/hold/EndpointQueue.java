package io.mistraloperator.gateway.hold;

import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.route.Deployment;
import io.mistraloperator.gateway.route.Instance;
import io.mistraloperator.gateway.route.InstanceDirectory;
import io.mistraloperator.gateway.route.Queueing;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Requests of one deployment: those that have a place at an instance, and in the order of their
 * coming those that wait. Thread-safe. The table of instances is only ever read under the lock, so
 * that a change of it finds whoever decided to wait by what it was before.
 */
final class EndpointQueue {
  /** Until it has been seen how long it takes to start the model. */
  private static final Duration USUAL_WAKE = Duration.ofSeconds(30);

  /** Requests that go on together. */
  private static final int AT_ONCE = 16;

  private static final Duration SHORTEST_WAKE = Duration.ofSeconds(1);

  private final InstanceDirectory instances;
  private final Budget budget;
  private final BooleanSupplier draining;
  private final Consumer<Runnable> later;
  private final LongSupplier nanos;

  /** Those that want a place. */
  private final SequencedSet<Ticket> comers = new LinkedHashSet<>();

  /** Those that have their place, and wait for an instance that can be connected to. */
  private final Set<Ticket> returned = new LinkedHashSet<>();

  private Deployment deployment;
  private long bytes;
  private int running;
  private Duration lastWake = USUAL_WAKE;
  private OptionalLong asleepSince = OptionalLong.empty();

  EndpointQueue(
      Deployment deployment,
      InstanceDirectory instances,
      Budget budget,
      BooleanSupplier draining,
      Consumer<Runnable> later,
      LongSupplier nanos) {
    this.deployment = deployment;
    this.instances = instances;
    this.budget = budget;
    this.draining = draining;
    this.later = later;
    this.nanos = nanos;
  }

  synchronized Admission enter(Ticket ticket) {
    List<Instance> ready = ready();
    Admission admission = decide(ticket, ready, true);
    if (admission instanceof Admission.Wait && !budget.take(ticket.bytes)) {
      admission = decide(ticket, ready, false);
    }
    switch (admission) {
      case Admission.Go() -> place(ticket);
      case Admission.Wait(Duration atMost) -> {
        add(ticket, atMost);
        if (ready.isEmpty() && comers.size() + returned.size() == 1) {
          asleepSince = OptionalLong.of(ticket.since);
        }
      }
      case Admission.Refuse(Refusal reason) -> ticket.state = Ticket.State.REFUSED;
    }
    return admission;
  }

  private Admission decide(Ticket ticket, List<Instance> ready, boolean room) {
    Admission.Situation now =
        new Admission.Situation(
            ready.size(),
            running,
            comers.size(),
            comers.size() + returned.size(),
            bytes,
            ticket.bytes,
            room,
            draining.getAsBoolean(),
            wake());
    return ticket
        .tried
        .map(tried -> Admission.again(deployment.queueing(), now, untried(ready, tried)))
        .orElseGet(() -> Admission.of(deployment.queueing(), now));
  }

  synchronized void leave(Ticket ticket) {
    boolean placed = ticket.state == Ticket.State.ADMITTED && ticket.tried.isEmpty();
    if (ticket.state == Ticket.State.WAITING) {
      remove(ticket);
    }
    ticket.state = Ticket.State.LEFT;
    if (placed) {
      running--;
      release();
    }
  }

  /** Lets go on whoever can: instances came or went, or places became free. */
  synchronized void release() {
    if (comers.isEmpty() && returned.isEmpty()) {
      return;
    }
    List<Instance> ready = ready();
    if (!ready.isEmpty() && asleepSince.isPresent()) {
      lastWake = Duration.ofNanos(nanos.getAsLong() - asleepSince.getAsLong());
      asleepSince = OptionalLong.empty();
    }
    for (Ticket ticket : List.copyOf(returned)) {
      Set<Instance> tried = ticket.tried.orElseThrow();
      tried.retainAll(ready);
      if (untried(ready, tried) > 0) {
        release(ticket);
      }
    }
    long free = Admission.capacity(deployment.queueing(), ready.size()) - running;
    for (long i = Math.min(free, AT_ONCE); i > 0 && !comers.isEmpty(); i--) {
      release(comers.getFirst());
    }
    if (free > AT_ONCE && !comers.isEmpty()) {
      // The first shall be on their way before the last are told.
      later.accept(this::release);
    }
  }

  private void release(Ticket ticket) {
    remove(ticket);
    place(ticket);
    ticket.go();
  }

  /** The deployment changed; requests that wait do so by its new word. */
  synchronized void follow(Deployment changed) {
    deployment = changed;
    release();
  }

  /** The gateway is about to go: nobody waits for an instance any more. */
  synchronized void drain() {
    if (ready().isEmpty()) {
      refuseAll(
          deployment.queueing().hold().isPresent() ? Refusals.draining() : Refusals.noneReady());
    }
  }

  /** Nobody waits any more. */
  synchronized void refuseAll(Refusal reason) {
    List.copyOf(returned).forEach(ticket -> refuse(ticket, reason));
    List.copyOf(comers).forEach(ticket -> refuse(ticket, reason));
  }

  /**
   * The time of a ticket is over.
   *
   * @return how long it may yet wait, since things are not as they were when it came; empty when it
   *     is refused or does not wait
   */
  synchronized Optional<Duration> late(Ticket ticket) {
    if (ticket.state != Ticket.State.WAITING) {
      return Optional.empty();
    }
    Queueing terms = deployment.queueing();
    Optional<Duration> hold = terms.hold().map(Queueing.Hold::timeout);
    boolean asleep = ready().isEmpty();
    Duration now =
        asleep
            ? hold.orElse(Duration.ZERO)
            : ticket.tried.isPresent() ? Duration.ZERO : terms.patience();
    Duration allowed = now.compareTo(ticket.atMost) > 0 ? now : ticket.atMost;
    Duration left = allowed.minusNanos(nanos.getAsLong() - ticket.since);
    if (left.isPositive()) {
      return Optional.of(left);
    }
    refuse(
        ticket,
        asleep
            ? hold.map(known -> Refusals.neverReady(allowed)).orElseGet(Refusals::noneReady)
            : ticket.tried.isPresent() ? Refusals.unreachable() : Refusals.stillBusy(allowed));
    return Optional.empty();
  }

  synchronized boolean isIn(Ticket ticket, Ticket.State state) {
    return ticket.state == state;
  }

  private List<Instance> ready() {
    return instances.ready(deployment.service());
  }

  private Duration wake() {
    Duration left =
        asleepSince.isPresent()
            ? lastWake.minusNanos(nanos.getAsLong() - asleepSince.getAsLong())
            : lastWake;
    return left.compareTo(SHORTEST_WAKE) > 0 ? left : SHORTEST_WAKE;
  }

  private void place(Ticket ticket) {
    ticket.state = Ticket.State.ADMITTED;
    if (ticket.tried.isEmpty()) {
      running++;
    }
  }

  private void refuse(Ticket ticket, Refusal reason) {
    remove(ticket);
    ticket.state = Ticket.State.REFUSED;
    ticket.refuse(reason);
  }

  private void add(Ticket ticket, Duration atMost) {
    ticket.state = Ticket.State.WAITING;
    ticket.atMost = atMost;
    ticket.since = nanos.getAsLong();
    queue(ticket).add(ticket);
    bytes += ticket.bytes;
  }

  private Set<Ticket> queue(Ticket ticket) {
    return ticket.tried.isPresent() ? returned : comers;
  }

  private void remove(Ticket ticket) {
    queue(ticket).remove(ticket);
    bytes -= ticket.bytes;
    budget.give(ticket.bytes);
    if (comers.isEmpty() && returned.isEmpty()) {
      // Nobody saw the wake to its end.
      asleepSince = OptionalLong.empty();
    }
  }

  private static int untried(List<Instance> ready, Set<Instance> tried) {
    return (int) ready.stream().filter(instance -> !tried.contains(instance)).count();
  }
}
