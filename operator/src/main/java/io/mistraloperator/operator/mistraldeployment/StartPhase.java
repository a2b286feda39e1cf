package io.mistraloperator.operator.mistraldeployment;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What an instance spends its time on until it answers. */
enum StartPhase {
  /** Waiting for a node. */
  Schedule,
  /** Images and volumes. */
  Image,
  /** Weights on their way. */
  Fetch,
  /** The engine loads the model and answers its first completion. */
  Load;

  /**
   * How long each took.
   *
   * @param ready when the instance first answered
   */
  record Times(Instant ready, Map<StartPhase, Duration> took) {}

  /** Of a pod that is ready, and whose engine has not been started again; else empty. */
  static Optional<Times> of(Pod pod) {
    Optional<Instant> scheduled = since(pod, "PodScheduled");
    Optional<Instant> ready = since(pod, "Ready");
    List<ContainerStatus> engines = pod.getStatus().getContainerStatuses();
    boolean first =
        !engines.isEmpty()
            && engines.stream().allMatch(engine -> Objects.equals(engine.getRestartCount(), 0));
    if (!first || scheduled.isEmpty() || ready.isEmpty()) {
      return Optional.empty();
    }
    return engines.stream()
        .map(ContainerStatus::getState)
        .map(state -> state == null ? null : state.getRunning())
        .filter(Objects::nonNull)
        .map(running -> Instant.parse(running.getStartedAt()))
        .findFirst()
        .map(
            started -> {
              Map<StartPhase, Duration> took = new EnumMap<>(StartPhase.class);
              var fetch = fetch(pod);
              took.put(
                  Schedule,
                  between(
                      Instant.parse(pod.getMetadata().getCreationTimestamp()), scheduled.get()));
              took.put(Image, atLeastNothing(between(scheduled.get(), started).minus(fetch)));
              took.put(Fetch, fetch);
              took.put(Load, between(started, ready.get()));
              return new Times(ready.get(), took);
            });
  }

  private static Optional<Instant> since(Pod pod, String type) {
    return pod.getStatus().getConditions().stream()
        .filter(condition -> condition.getType().equals(type))
        .filter(condition -> condition.getStatus().equals("True"))
        .map(PodCondition::getLastTransitionTime)
        .filter(Objects::nonNull)
        .map(Instant::parse)
        .findFirst();
  }

  private static Duration fetch(Pod pod) {
    return pod.getStatus().getInitContainerStatuses().stream()
        .map(ContainerStatus::getState)
        .filter(Objects::nonNull)
        .map(ContainerState::getTerminated)
        .filter(Objects::nonNull)
        .map(
            ended ->
                between(Instant.parse(ended.getStartedAt()), Instant.parse(ended.getFinishedAt())))
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** Clocks of nodes differ by a little. */
  private static Duration between(Instant from, Instant to) {
    return atLeastNothing(Duration.between(from, to));
  }

  private static Duration atLeastNothing(Duration time) {
    return time.isNegative() ? Duration.ZERO : time;
  }
}
