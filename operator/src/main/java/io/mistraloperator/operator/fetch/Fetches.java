package io.mistraloperator.operator.fetch;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.mistraloperator.api.FetchStatus;
import io.mistraloperator.api.FetchStatus.Phase;
import io.mistraloperator.operator.plan.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Finds the instance that fetches, and makes status of what it says. */
public final class Fetches {
  /** Port on which a fetcher tells its progress. */
  public static final int PORT = 8090;

  /** Name of that port. */
  public static final String PORT_NAME = "progress";

  /** How often the status may change (T-M10). */
  public static final Duration INTERVAL = Duration.ofSeconds(10);

  /** Fetchers measure over a minute, in steps of a second or more. */
  private static final int MEASURED_SECONDS = 55;

  private static final double RECOVERED = 1.25;
  private static final int LONGEST = 500;

  private Fetches() {}

  /** Of the instances that fetch now, the one that has been at it longest: its bytes only grow. */
  public static Optional<Pod> oldest(List<Pod> pods) {
    return pods.stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .filter(Fetches::fetches)
        .min(
            Comparator.comparing((Pod pod) -> pod.getMetadata().getCreationTimestamp())
                .thenComparing(pod -> pod.getMetadata().getName()));
  }

  private static boolean fetches(Pod pod) {
    return pod.getStatus() != null
        && pod.getStatus().getPodIP() != null
        && pod.getSpec().getInitContainers().stream()
            .filter(Fetches::tells)
            .anyMatch(container -> runs(pod, container.getName()));
  }

  private static boolean tells(Container container) {
    return container.getPorts().stream().anyMatch(port -> PORT_NAME.equals(port.getName()));
  }

  private static boolean runs(Pod pod, String container) {
    List<ContainerStatus> statuses =
        Objects.requireNonNullElse(pod.getStatus().getInitContainerStatuses(), List.of());
    return statuses.stream()
        .anyMatch(
            status ->
                status.getName().equals(container)
                    && status.getState() != null
                    && status.getState().getRunning() != null);
  }

  /** Whether what was seen of an instance is too young to ask again. */
  static boolean fresh(Optional<FetchStatus> before, Pod pod, Instant now) {
    return of(before, pod)
        .map(FetchStatus::observedAt)
        .map(Instant::parse)
        .filter(seen -> Duration.between(seen, now).abs().compareTo(INTERVAL) < 0)
        .isPresent();
  }

  /** What was seen of this very instance. */
  static Optional<FetchStatus> of(Optional<FetchStatus> before, Pod pod) {
    return before.filter(seen -> pod.getMetadata().getName().equals(seen.instance()));
  }

  /**
   * The status.
   *
   * @param before what was seen of the same instance
   * @param slowBytesPerSecond rate below which a fetch counts as slow
   */
  static FetchStatus status(
      Pod pod,
      FetchProgress progress,
      Optional<FetchStatus> before,
      Instant now,
      long slowBytesPerSecond) {
    Long rate = progress.bytesPerSecond();
    Long toGo =
        rate != null && rate > 0 && progress.bytesTotal() != null
            ? Math.ceilDiv(Math.max(0, progress.bytesTotal() - progress.bytesDone()), rate)
            : null;
    String trouble = Objects.requireNonNullElse(progress.trouble(), "");
    return new FetchStatus(
        pod.getMetadata().getName(),
        Objects.requireNonNullElse(progress.phase(), Phase.Preparing),
        summary(progress, toGo),
        progress.bytesDone(),
        progress.bytesTotal(),
        rate,
        toGo,
        trouble.isEmpty() ? null : trouble.substring(0, Math.min(LONGEST, trouble.length())),
        slow(progress, before, slowBytesPerSecond) ? true : null,
        now.toString());
  }

  /** A rate around the limit must not make the status go to and fro. */
  private static boolean slow(
      FetchProgress progress, Optional<FetchStatus> before, long slowBytesPerSecond) {
    Long rate = progress.bytesPerSecond();
    if (progress.phase() != Phase.Fetching
        || rate == null
        || progress.secondsMeasured() < MEASURED_SECONDS) {
      return false;
    }
    boolean wasSlow = before.map(FetchStatus::slow).filter(Boolean.TRUE::equals).isPresent();
    return rate < (wasSlow ? slowBytesPerSecond * RECOVERED : slowBytesPerSecond);
  }

  private static String summary(FetchProgress progress, Long toGo) {
    if (progress.phase() == Phase.Preparing || progress.phase() == null) {
      return "finding out what there is to fetch";
    }
    Long total = progress.bytesTotal();
    StringBuilder text = new StringBuilder(Bytes.text(progress.bytesDone()));
    text.append(total == null ? " of unknown size" : " of " + Bytes.text(total));
    if (total != null && total > 0) {
      text.append(" (%d%%)".formatted(100 * progress.bytesDone() / total));
    }
    if (progress.bytesPerSecond() != null) {
      text.append(", ").append(Bytes.text(progress.bytesPerSecond())).append("/s");
    }
    if (toGo != null) {
      text.append(", ").append(toGo).append(" s to go");
    }
    return text.toString();
  }
}
