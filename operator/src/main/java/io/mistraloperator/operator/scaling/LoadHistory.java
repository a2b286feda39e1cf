package io.mistraloperator.operator.scaling;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** The load of the last minutes. */
final class LoadHistory {
  /** Beyond it nobody knows what happened between two samples. */
  private static final Duration GAP = Duration.ofSeconds(10);

  private final Deque<Sample> samples = new ArrayDeque<>();
  private Instant since = Instant.MAX;

  /** The load at one time. */
  private record Sample(Instant at, int load) {}

  /**
   * Adds what was seen now and forgets what is older than {@code window}, or all that lies before a
   * gap.
   */
  void add(Instant now, int load, Duration window) {
    if (samples.isEmpty() || now.isAfter(samples.getLast().at().plus(GAP))) {
      samples.clear();
      since = now;
    }
    samples.addLast(new Sample(now, load));
    var horizon = now.minus(window);
    while (!samples.getFirst().at().isAfter(horizon)) {
      samples.removeFirst();
    }
  }

  /** Mean of what was seen in the last {@code window}; not thinned by the time before that. */
  double mean(Instant now, Duration window) {
    var horizon = now.minus(window);
    return samples.reversed().stream()
        .takeWhile(sample -> sample.at().isAfter(horizon))
        .mapToInt(Sample::load)
        .average()
        .orElse(0);
  }

  /** Whether the load has been watched without a gap for that long. */
  boolean covers(Instant now, Duration window) {
    return !since.isAfter(now.minus(window));
  }
}
