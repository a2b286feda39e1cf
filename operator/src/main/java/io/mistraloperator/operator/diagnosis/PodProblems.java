package io.mistraloperator.operator.diagnosis;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.mistraloperator.operator.diagnosis.Problem.Reason;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds the cause why pods do not serve. The newest pod is asked first: it runs what was last
 * wanted.
 */
public final class PodProblems {
  private static final Set<String> PULL_FAILURES =
      Set.of(
          "ErrImagePull",
          "ImagePullBackOff",
          "InvalidImageName",
          "ErrImageNeverPull",
          "ImageInspectError",
          "RegistryUnavailable");
  private static final Set<String> CREATE_FAILURES =
      Set.of("CreateContainerConfigError", "CreateContainerError", "RunContainerError");
  private static final Set<String> NOT_YET_CREATED = Set.of("ContainerCreating", "PodInitializing");
  private static final String CRASH_LOOP = "CrashLoopBackOff";

  /** Exit status of vLLM's entrypoint; the contract is in inference-image/README.md. */
  private static final int GPUS_NOT_USED = 20;

  private static final int CRASHES_THAT_NEED_A_PERSON = 2;

  private PodProblems() {}

  /** Whether the engine of a pod has not come up for the first time yet. */
  public static boolean isStarting(Pod pod) {
    return !Readiness.isPodReady(pod)
        && pod.getMetadata().getDeletionTimestamp() == null
        && containers(pod).stream()
            .noneMatch(
                status -> Boolean.TRUE.equals(status.getStarted()) || status.getRestartCount() > 0);
  }

  /** Pods whose own status does not tell all of the cause: their events have to be read. */
  public static List<Pod> unexplained(List<Pod> pods) {
    return waiting(pods)
        .filter(pod -> pod.getStatus() != null)
        .filter(
            pod ->
                isBeingCreated(pod)
                    || problem(pod, Optional.empty())
                        .filter(
                            problem ->
                                problem.reason() == Reason.Unschedulable
                                    || problem.reason() == Reason.ImagePullBackOff)
                        .isPresent())
        .toList();
  }

  /**
   * The first concrete cause.
   *
   * @param pods engine pods
   * @param warnings what the events of a pod say, by its uid
   */
  public static Optional<Problem> find(List<Pod> pods, Map<String, String> warnings) {
    return waiting(pods)
        .map(pod -> problem(pod, Optional.ofNullable(warnings.get(pod.getMetadata().getUid()))))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Stream<Pod> waiting(List<Pod> pods) {
    return pods.stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .filter(Predicate.not(Readiness::isPodReady))
        .sorted(
            Comparator.comparing((Pod pod) -> pod.getMetadata().getCreationTimestamp())
                .reversed()
                .thenComparing(pod -> pod.getMetadata().getName()));
  }

  private static Optional<Problem> problem(Pod pod, Optional<String> warnings) {
    if (pod.getStatus() == null) {
      return Optional.empty();
    }
    return unschedulable(pod, warnings)
        .or(() -> first(initContainers(pod), status -> container(status, true, warnings)))
        .or(() -> first(containers(pod), status -> container(status, false, warnings)))
        .or(() -> evicted(pod))
        .or(() -> notCreated(pod, warnings));
  }

  /** What the scheduler says of a pod for which it finds no node. */
  public static Optional<PodCondition> unscheduled(Pod pod) {
    return Optional.ofNullable(pod.getStatus())
        .map(PodStatus::getConditions)
        .orElse(List.of())
        .stream()
        .filter(
            c ->
                c.getType().equals("PodScheduled")
                    && c.getStatus().equals("False")
                    && "Unschedulable".equals(c.getReason()))
        .findFirst();
  }

  /** Since when the scheduler finds no node for any of these pods; empty while it finds one. */
  public static Optional<Instant> unscheduledSince(List<Pod> pods) {
    return waiting(pods)
        .flatMap(pod -> unscheduled(pod).stream())
        .map(PodCondition::getLastTransitionTime)
        .filter(Objects::nonNull)
        .map(Instant::parse)
        .min(Comparator.naturalOrder());
  }

  private static Optional<Problem> unschedulable(Pod pod, Optional<String> warnings) {
    return unscheduled(pod)
        .map(
            c ->
                new Problem(
                    Reason.Unschedulable,
                    "no node takes the instance: "
                        + Objects.requireNonNullElse(c.getMessage(), "")
                        + warnings.map(text -> " (" + text + ")").orElse("")
                        + Remedies.withoutNode(Objects.requireNonNullElse(c.getMessage(), "")),
                    false));
  }

  private static Optional<Problem> container(
      ContainerStatus status, boolean init, Optional<String> warnings) {
    ContainerState now = Objects.requireNonNullElseGet(status.getState(), ContainerState::new);
    if (now.getWaiting() != null) {
      String reason = Objects.requireNonNullElse(now.getWaiting().getReason(), "");
      String message = Objects.requireNonNullElse(now.getWaiting().getMessage(), reason);
      if (PULL_FAILURES.contains(reason)) {
        return Optional.of(
            new Problem(
                Reason.ImagePullBackOff,
                "image "
                    + status.getImage()
                    + " cannot be pulled: "
                    + message
                    + warnings.map(text -> " (" + text + ")").orElse(""),
                true));
      }
      if (CREATE_FAILURES.contains(reason)) {
        return Optional.of(new Problem(Reason.ContainerNotCreated, message, true));
      }
    }
    boolean looping = now.getWaiting() != null && CRASH_LOOP.equals(now.getWaiting().getReason());
    return ended(status)
        .filter(end -> !init || end.getExitCode() != 0)
        .map(end -> crash(status, end, init, looping));
  }

  /** How the container last ended; empty where it has not. */
  private static Optional<ContainerStateTerminated> ended(ContainerStatus status) {
    return Optional.ofNullable(status.getState())
        .map(ContainerState::getTerminated)
        .or(() -> Optional.ofNullable(status.getLastState()).map(ContainerState::getTerminated));
  }

  private static Problem crash(
      ContainerStatus status, ContainerStateTerminated end, boolean init, boolean looping) {
    String log = Objects.requireNonNullElse(end.getMessage(), "");
    if (!init && end.getExitCode() == GPUS_NOT_USED) {
      // What the engine's libraries say of a missing GPU stands above it, and is no cause.
      return new Problem(
          Reason.GpusNotUsed,
          "the engine does not compute with the GPUs of its instance type: " + LogLines.last(log),
          true);
    }
    boolean again = looping || status.getRestartCount() >= CRASHES_THAT_NEED_A_PERSON;
    String line = LogLines.cause(log);
    if ("OOMKilled".equals(end.getReason())) {
      return new Problem(
          Reason.OOMKilled,
          (init ? "fetching the model" : "the engine")
              + " was killed for lack of memory (exit code "
              + end.getExitCode()
              + "): choose a larger instance type or a smaller spec.contextLength",
          again);
    }
    Optional<Reason> refused = init ? FetchExits.reason(end.getExitCode()) : Optional.empty();
    if (refused.isPresent()) {
      // The fetcher has tried again itself where that may help.
      return new Problem(refused.get(), "the weights cannot be fetched: " + line, true);
    }
    String what =
        (init ? "the model could not be brought: exit code " : "the engine ended with exit code ")
            + end.getExitCode()
            + (line.isEmpty() ? "" : ": " + line);
    return new Problem(init ? Reason.ModelFetchFailed : Reason.CrashLoopBackOff, what, again);
  }

  private static Optional<Problem> evicted(Pod pod) {
    return Optional.of(pod.getStatus())
        .filter(status -> "Failed".equals(status.getPhase()))
        .map(
            status ->
                new Problem(
                    Reason.CrashLoopBackOff,
                    "the instance failed: "
                        + Objects.requireNonNullElse(status.getReason(), "")
                        + " "
                        + Objects.requireNonNullElse(status.getMessage(), ""),
                    false));
  }

  private static Optional<Problem> notCreated(Pod pod, Optional<String> warnings) {
    return warnings
        .filter(text -> isBeingCreated(pod))
        .map(text -> new Problem(Reason.ContainerNotCreated, text, false));
  }

  private static boolean isBeingCreated(Pod pod) {
    boolean creating =
        Stream.concat(initContainers(pod).stream(), containers(pod).stream())
            .map(ContainerStatus::getState)
            .filter(Objects::nonNull)
            .map(ContainerState::getWaiting)
            .filter(Objects::nonNull)
            .anyMatch(waiting -> NOT_YET_CREATED.contains(waiting.getReason()));
    boolean initRunning =
        initContainers(pod).stream()
            .anyMatch(
                status -> status.getState() != null && status.getState().getRunning() != null);
    return creating && !initRunning;
  }

  private static Optional<Problem> first(
      List<ContainerStatus> statuses, Function<ContainerStatus, Optional<Problem>> find) {
    return statuses.stream().map(find).flatMap(Optional::stream).findFirst();
  }

  private static List<ContainerStatus> containers(Pod pod) {
    return Optional.ofNullable(pod.getStatus().getContainerStatuses()).orElse(List.of());
  }

  private static List<ContainerStatus> initContainers(Pod pod) {
    return Optional.ofNullable(pod.getStatus().getInitContainerStatuses()).orElse(List.of());
  }
}
