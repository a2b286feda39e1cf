package io.mistraloperator.operator.rollout;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.mistraloperator.operator.diagnosis.PodProblems;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Why an instance of the new version cannot run beside those of the old one. The scheduler and the
 * API server know where there is room, so they are asked by trying.
 *
 * @param words what they say
 * @param endsWithoutOne whether there certainly is room once an old instance is gone: where the new
 *     one asks for no more than that, and would go where it was
 */
public record SurgeObstacle(String words, boolean endsWithoutOne) {
  /**
   * Looks for what is in the way.
   *
   * @param engine the Deployment as it is
   * @param wanted an instance of the new version
   * @param pods instances of both versions
   * @param patience how long a pod may wait for a node, which may be on its way; no time at all
   *     while nothing answers anyway
   */
  public static Optional<SurgeObstacle> find(
      Deployment engine, PodSpec wanted, List<Pod> pods, Instant now, Duration patience) {
    boolean replaceable = pods.stream().anyMatch(pod -> isPlaced(pod) && fits(wanted, pod));
    return refused(engine)
        .or(() -> homeless(pods, now, patience))
        .map(words -> new SurgeObstacle(words, replaceable));
  }

  /** A quota of the cluster that is used up; other refusals would hit every new instance. */
  private static Optional<String> refused(Deployment engine) {
    return Optional.ofNullable(engine.getStatus())
        .map(DeploymentStatus::getConditions)
        .orElse(List.of())
        .stream()
        .filter(c -> c.getType().equals("ReplicaFailure") && c.getStatus().equals("True"))
        .map(c -> Objects.requireNonNullElse(c.getMessage(), ""))
        .filter(message -> message.contains("exceeded quota"))
        .map(message -> "the namespace's ResourceQuota has no room for one more: " + message)
        .findFirst();
  }

  private static Optional<String> homeless(List<Pod> pods, Instant now, Duration patience) {
    boolean nothingAnswers = pods.stream().noneMatch(Readiness::isPodReady);
    return pods.stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .flatMap(pod -> PodProblems.unscheduled(pod).stream())
        .filter(condition -> message(condition).contains("Insufficient"))
        .filter(condition -> nothingAnswers || !since(condition, now).plus(patience).isAfter(now))
        .map(condition -> "no node has room for one more: " + message(condition))
        .findFirst();
  }

  private static String message(PodCondition condition) {
    return Objects.requireNonNullElse(condition.getMessage(), "");
  }

  private static Instant since(PodCondition condition, Instant now) {
    return Optional.ofNullable(condition.getLastTransitionTime()).map(Instant::parse).orElse(now);
  }

  private static boolean isPlaced(Pod pod) {
    return pod.getSpec().getNodeName() != null && pod.getMetadata().getDeletionTimestamp() == null;
  }

  private static boolean fits(PodSpec wanted, Pod old) {
    return Objects.equals(wanted.getNodeSelector(), old.getSpec().getNodeSelector())
        && Objects.equals(wanted.getAffinity(), old.getSpec().getAffinity())
        && PodRequests.of(wanted).within(PodRequests.of(old.getSpec()));
  }
}
