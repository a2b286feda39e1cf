package io.mistraloperator.operator.usage;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** When the last few thousand pods ended that this process saw go. */
final class PodEnds {
  static final int MOST = 4096;

  private final Map<String, Instant> times = new LinkedHashMap<>();

  synchronized void add(String uid, Instant time) {
    times.put(uid, time);
    if (times.size() > MOST) {
      times.remove(times.keySet().iterator().next());
    }
  }

  /** When a pod ended; empty when nobody saw it go, or long ago. */
  synchronized Optional<Instant> of(String uid) {
    return Optional.ofNullable(times.get(uid));
  }
}
