package io.mistraloperator.operator.usage;

import java.time.Instant;
import java.util.Optional;

/**
 * What a pod says about its time.
 *
 * @param uid of the pod
 * @param since when it was bound to a node
 * @param ended when its last container ended, if none runs any more
 * @param over whether it can never run again
 * @param deadline when it has to be gone, if it was told to go
 * @param rate what it has and costs
 */
public record Sighting(
    String uid,
    Instant since,
    Optional<Instant> ended,
    boolean over,
    Optional<Instant> deadline,
    Rate rate) {

  /** The same pod when it is gone. */
  Sighting endedAt(Instant time) {
    return new Sighting(uid, since, Optional.of(time), true, deadline, rate);
  }

  /** Whether it uses its node no more, though it is still listed. */
  boolean isOver(Instant now) {
    return over || deadline.filter(time -> !now.isBefore(time)).isPresent();
  }

  /** Up to when it counts, if it is over or has just gone. */
  Instant end(Instant now) {
    return ended.or(() -> deadline.filter(now::isAfter)).orElse(now);
  }
}
