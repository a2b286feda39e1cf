package io.mistraloperator.operator.scaling;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** The most instances that were asked for within a time. */
final class Demands {
  /** Falling, since one that is followed by a greater can never be the greatest again. */
  private final Deque<Demand> falling = new ArrayDeque<>();

  /** How many were asked for, at what time. */
  private record Demand(Instant at, int instances) {}

  /** Adds what is asked for now. */
  void add(Instant now, int instances) {
    while (!falling.isEmpty() && falling.getLast().instances() <= instances) {
      falling.removeLast();
    }
    falling.addLast(new Demand(now, instances));
  }

  /** Forgets them all. */
  void clear() {
    falling.clear();
  }

  /** The most of the last {@code window}, the newest included; there must be one. */
  int most(Instant now, Duration window) {
    var horizon = now.minus(window);
    while (falling.size() > 1 && !falling.getFirst().at().isAfter(horizon)) {
      falling.removeFirst();
    }
    return falling.getFirst().instances();
  }
}
