package io.mistraloperator.operator.quota;

import io.mistraloperator.api.InferenceQuota;
import io.mistraloperator.api.InferenceQuotaStatus;
import io.mistraloperator.api.InferenceQuotaStatus.Reservation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Who has and who waits for cores. A holder has one reservation per family, so that it keeps what
 * runs while it moves to another family, and one place in the queue.
 *
 * @param reservations what is reserved
 * @param waiting what did not fit, longest waiting first
 */
record Ledger(List<Reservation> reservations, List<Reservation> waiting) {
  static final Ledger EMPTY = new Ledger(List.of(), List.of());

  /** The ledger of a project; empty when it has not been opened yet. */
  static Optional<Ledger> of(InferenceQuota quota) {
    return Optional.ofNullable(quota.getStatus())
        .filter(status -> status.reservations() != null)
        .map(
            status ->
                new Ledger(
                    status.reservations(),
                    Objects.requireNonNullElse(status.waiting(), List.of())));
  }

  boolean isEmpty() {
    return reservations.isEmpty() && waiting.isEmpty();
  }

  /** Cores of a family that are reserved. */
  int used(String family) {
    return reservations.stream()
        .filter(entry -> entry.family().equals(family))
        .mapToInt(Reservation::cores)
        .sum();
  }

  /** What a holder has. */
  List<Reservation> heldBy(String uid) {
    return reservations.stream().filter(by(uid)).toList();
  }

  /** Whether what its holder has is enough. */
  boolean covers(Demand demand) {
    return held(demand.holder().uid(), demand.family()) >= demand.cores();
  }

  /** Whether the holder waits for just this. */
  boolean awaits(Demand demand) {
    return waiting.contains(demand.reservation());
  }

  /**
   * Reserves for a demand, or queues it. What its holder has already stays until {@link #trim}:
   * instances must go before their cores do.
   */
  Ledger ask(Demand demand, Limits limits) {
    if (covers(demand)) {
      return withdraw(demand.holder().uid());
    }
    var wanted = demand.reservation();
    return new Ledger(reservations, queued(wanted)).settle(limits);
  }

  /**
   * Reserves for as many instances as there is room for, and queues the whole demand if those are
   * not all.
   */
  Ledger askUpTo(Demand demand, Limits limits) {
    var asked = ask(demand, limits);
    if (asked.covers(demand)) {
      return asked;
    }
    for (int instances = demand.instances() - 1; instances > 0; instances--) {
      var part = demand.ofInstances(instances);
      if (covers(part)) {
        return asked;
      }
      if (asked.hasRoomFor(part.reservation(), limits)) {
        return asked.with(part.reservation());
      }
    }
    return asked;
  }

  /** Takes back what a holder has beyond its demand; not from one that has less. */
  Ledger trim(Demand demand, Limits limits) {
    if (!covers(demand)) {
      return this;
    }
    return new Ledger(
            replaced(
                reservations,
                by(demand.holder().uid()),
                demand.cores() == 0 ? Optional.empty() : Optional.of(demand.reservation())),
            waiting)
        .settle(limits);
  }

  /** Takes back all that a holder has and waits for. */
  Ledger release(String uid, Limits limits) {
    return new Ledger(
            replaced(reservations, by(uid), Optional.empty()),
            replaced(waiting, by(uid), Optional.empty()))
        .settle(limits);
  }

  /** Takes a holder out of the queue. */
  Ledger withdraw(String uid) {
    return new Ledger(reservations, replaced(waiting, by(uid), Optional.empty()));
  }

  /** Gives free cores to those that have waited longest; one that does not fit is passed over. */
  Ledger settle(Limits limits) {
    var settled = new Ledger(reservations, List.of());
    List<Reservation> left = new ArrayList<>();
    for (Reservation next : waiting) {
      if (settled.hasRoomFor(next, limits)) {
        settled = settled.with(next);
      } else {
        left.add(next);
      }
    }
    // Whoever finds the queue full asks again with its next pass.
    return new Ledger(
        settled.reservations(),
        List.copyOf(left.subList(0, Math.min(left.size(), InferenceQuotaStatus.MOST))));
  }

  private boolean hasRoomFor(Reservation next, Limits limits) {
    int held = held(next.uid(), next.family());
    long others = (long) used(next.family()) - held;
    return others + next.cores() <= limits.of(next.family())
        && (held > 0 || reservations.size() < InferenceQuotaStatus.MOST);
  }

  private Ledger with(Reservation entry) {
    return new Ledger(
        replaced(
            reservations,
            by(entry.uid()).and(other -> other.family().equals(entry.family())),
            Optional.of(entry)),
        waiting);
  }

  private List<Reservation> queued(Reservation wanted) {
    boolean known = waiting.stream().anyMatch(by(wanted.uid()));
    if (known) {
      return waiting.stream()
          .map(entry -> entry.uid().equals(wanted.uid()) ? wanted : entry)
          .toList();
    }
    return Stream.concat(waiting.stream(), Stream.of(wanted)).toList();
  }

  private int held(String uid, String family) {
    return reservations.stream()
        .filter(by(uid))
        .filter(entry -> entry.family().equals(family))
        .mapToInt(Reservation::cores)
        .sum();
  }

  private static Predicate<Reservation> by(String uid) {
    return entry -> entry.uid().equals(uid);
  }

  /** A list with what matches replaced, in the place of the first of them or at the end. */
  private static List<Reservation> replaced(
      List<Reservation> list, Predicate<Reservation> matches, Optional<Reservation> replacement) {
    List<Reservation> result = new ArrayList<>();
    Optional<Reservation> pending = replacement;
    for (Reservation entry : list) {
      if (!matches.test(entry)) {
        result.add(entry);
      } else if (pending.isPresent()) {
        result.add(pending.get());
        pending = Optional.empty();
      }
    }
    pending.ifPresent(result::add);
    return List.copyOf(result);
  }
}
