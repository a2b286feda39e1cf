package io.mistraloperator.operator.mistraldeployment;

import io.fabric8.kubernetes.api.model.Condition;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralDeploymentStatus;
import io.mistraloperator.api.SharedQuota;
import io.mistraloperator.operator.kube.Conditions;
import io.mistraloperator.operator.kube.Conditions.Truth;
import io.mistraloperator.operator.kube.Finding;
import io.mistraloperator.operator.mistraldeployment.StatusFactory.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How long a deployment on the shared quota has (rows A2.6, D2.26).
 *
 * @param end when it is deleted
 */
record Lifetime(Instant end) {
  /** The condition that tells it. */
  static final String EXPIRING = "Expiring";

  private static final Duration NOTICE = Duration.ofHours(24);

  private static final Duration RETRY = Duration.ofMinutes(1);

  /** Of a deployment; empty when it stays until somebody deletes it (row A2.7). */
  static Optional<Lifetime> of(
      MistralDeployment deployment, Optional<MistralDeploymentStatus> latest) {
    if (deployment.getSpec().sharedQuota() == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Lifetime(
            latest
                .map(MistralDeploymentStatus::expiresAt)
                .map(Instant::parse)
                .orElseGet(
                    () ->
                        Instant.parse(deployment.getMetadata().getCreationTimestamp())
                            .plus(Duration.ofHours(SharedQuota.HOURS)))));
  }

  boolean isOver(Instant now) {
    return !now.isBefore(end);
  }

  /** Time until it is to be looked at again. */
  Duration untilNext(Instant now) {
    if (isOver(now)) {
      return RETRY;
    }
    Instant notice = end.minus(NOTICE);
    return Duration.between(now, now.isBefore(notice) ? notice : end).plusMillis(1);
  }

  /** That it goes, and whether soon; once told, a clock that is put back takes nothing back. */
  Finding finding(Instant now, List<Condition> before) {
    boolean soon = !now.isBefore(end.minus(NOTICE)) || Conditions.isTrue(before, EXPIRING);
    return new Finding(
        Truth.of(soon),
        soon ? Reason.ExpiresSoon : Reason.SharedQuota,
        "on the shared quota: the deployment is deleted at %s, %d hours after it was made. To keep the model, make a new deployment without spec.sharedQuota, on the project's own quota"
            .formatted(end, SharedQuota.HOURS));
  }
}
