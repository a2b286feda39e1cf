package io.mistraloperator.operator.fetch;

import io.fabric8.kubernetes.api.model.Pod;
import io.mistraloperator.api.FetchStatus;
import io.mistraloperator.operator.config.OperatorConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Sees how far the weights of a deployment are, asking at most every ten seconds (T-M10). */
@Singleton
public class FetchWatch {
  private static final long MIB = 1L << 20;

  private final ProgressReader reader;
  private final Clock clock;
  private final long slowBytesPerSecond;

  @Inject
  public FetchWatch(ProgressReader reader, Clock clock, OperatorConfig config) {
    this.reader = reader;
    this.clock = clock;
    this.slowBytesPerSecond = config.weights().slowMibPerSecond() * MIB;
  }

  /**
   * The present state.
   *
   * @param pods engine pods
   * @param before what was seen last
   * @return empty when no instance fetches, or the one that does cannot be asked and never was
   */
  public Optional<FetchStatus> look(List<Pod> pods, Optional<FetchStatus> before) {
    return Fetches.oldest(pods).flatMap(pod -> look(pod, before));
  }

  private Optional<FetchStatus> look(Pod pod, Optional<FetchStatus> before) {
    Instant now = clock.instant();
    Optional<FetchStatus> known = Fetches.of(before, pod);
    if (Fetches.fresh(before, pod, now)) {
      return known;
    }
    return reader
        .read(pod.getStatus().getPodIP())
        .map(progress -> Fetches.status(pod, progress, known, now, slowBytesPerSecond))
        .or(() -> known);
  }
}
