package io.mistraloperator.operator.mistraldeployment;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.mistraloperator.operator.diagnosis.PodProblems;
import io.mistraloperator.operator.diagnosis.Problem;
import io.mistraloperator.operator.diagnosis.Problem.Reason;
import io.mistraloperator.operator.diagnosis.Remedies;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How far a Deployment is.
 *
 * @param desired instances wanted
 * @param total instances that exist, of any version
 * @param ready instances that answer
 * @param updated instances of the newest version
 * @param seen whether the counts are about what is wanted now
 * @param stage what is going on
 */
record Rollout(int desired, int total, int ready, int updated, boolean seen, Stage stage) {
  private static final String REVISION = "deployment.kubernetes.io/revision";

  /** What is going on. */
  enum Stage {
    /** The first version has never been complete. */
    Creating,
    /** A newer version replaces an older one. */
    Updating,
    /** Only the number of instances changes. */
    Scaling,
    /** As wanted; an instance that fails later does not change that. */
    Complete
  }

  /**
   * Of what the controllers say. An instance answers once its pod is ready and it is listed:
   * different controllers see to the two, and only what is listed gets requests.
   *
   * @param listed instances that the engine's Service lists as ready
   */
  static Rollout of(Deployment deployment, List<Pod> pods, int listed) {
    var status = Objects.requireNonNullElseGet(deployment.getStatus(), DeploymentStatus::new);
    int desired = deployment.getSpec().getReplicas();
    int total = orZero(status.getReplicas());
    int updated = orZero(status.getUpdatedReplicas());
    return new Rollout(
        desired,
        total,
        Math.min(orZero(status.getReadyReplicas()), listed),
        updated,
        seen(deployment, status),
        stage(deployment, status, desired, total, updated, pods));
  }

  /** Whether the Deployment has an instance that is ready, listed or not. */
  static boolean hasReadyPods(Deployment deployment) {
    return Optional.ofNullable(deployment.getStatus())
        .map(DeploymentStatus::getReadyReplicas)
        .filter(ready -> ready > 0)
        .isPresent();
  }

  /**
   * Whether there is no instance of an older version: all that exist are of the newest, or none
   * does, since no controller has looked at the Deployment yet.
   */
  static boolean isSettled(Deployment deployment) {
    var status = Objects.requireNonNullElseGet(deployment.getStatus(), DeploymentStatus::new);
    boolean untouched = Objects.requireNonNullElse(status.getObservedGeneration(), 0L) == 0;
    return untouched
        || seen(deployment, status)
            && orZero(status.getUpdatedReplicas()) == orZero(status.getReplicas());
  }

  private static boolean seen(Deployment deployment, DeploymentStatus status) {
    return Objects.requireNonNullElse(status.getObservedGeneration(), 0L)
        >= deployment.getMetadata().getGeneration();
  }

  private static Stage stage(
      Deployment deployment,
      DeploymentStatus status,
      int desired,
      int total,
      int updated,
      List<Pod> pods) {
    boolean seen = seen(deployment, status);
    boolean everComplete =
        condition(deployment, "Progressing")
            .filter(c -> "NewReplicaSetAvailable".equals(c.getReason()))
            .isPresent();
    Map<String, String> annotations =
        Objects.requireNonNullElse(deployment.getMetadata().getAnnotations(), Map.of());
    boolean firstVersion = "1".equals(annotations.getOrDefault(REVISION, "1"));
    boolean starting = pods.stream().anyMatch(PodProblems::isStarting);
    if (seen && desired == 0 && total == 0) {
      return Stage.Complete;
    }
    if (!everComplete) {
      return firstVersion ? Stage.Creating : Stage.Updating;
    }
    if (!seen || updated < Math.min(total, desired)) {
      return Stage.Updating;
    }
    return total != desired || updated != desired || starting ? Stage.Scaling : Stage.Complete;
  }

  /**
   * What the Deployment itself says of a failure: pods that the API server refuses, or no progress.
   */
  static Optional<Problem> problem(Deployment deployment) {
    return condition(deployment, "ReplicaFailure")
        .filter(c -> "True".equals(c.getStatus()))
        .map(
            c ->
                new Problem(
                    Reason.PodsRefused,
                    "the API server refuses the instances: "
                        + Objects.requireNonNullElse(c.getMessage(), "")
                        + Remedies.refused(Objects.requireNonNullElse(c.getMessage(), "")),
                    true))
        .or(
            () ->
                condition(deployment, "Progressing")
                    .filter(c -> "ProgressDeadlineExceeded".equals(c.getReason()))
                    .map(
                        c ->
                            new Problem(
                                Reason.StartTooSlow,
                                "the instances did not start within "
                                    + deployment.getSpec().getProgressDeadlineSeconds()
                                    + " s",
                                true)));
  }

  private static Optional<DeploymentCondition> condition(Deployment deployment, String type) {
    return Optional.ofNullable(deployment.getStatus())
        .map(DeploymentStatus::getConditions)
        .orElse(List.of())
        .stream()
        .filter(c -> c.getType().equals(type))
        .findFirst();
  }

  private static int orZero(Integer number) {
    return Objects.requireNonNullElse(number, 0);
  }
}
