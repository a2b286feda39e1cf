package io.mistraloperator.operator.mistraldeployment;

import io.mistraloperator.operator.kube.Conditions.Truth;
import io.mistraloperator.operator.kube.Finding;
import io.mistraloperator.operator.mistraldeployment.Decision.Refused;
import io.mistraloperator.operator.mistraldeployment.Rollout.Stage;
import io.mistraloperator.operator.mistraldeployment.Rollouts.Step;
import io.mistraloperator.operator.mistraldeployment.StatusFactory.Reason;
import io.mistraloperator.operator.quota.QuotaOutcome;
import io.mistraloperator.operator.route.EndpointOutcome;
import java.util.Optional;

/** Says in a condition whether the newest spec is on its way, and how far. */
final class ProgressFinding {
  private ProgressFinding() {}

  static Finding of(Facts facts, Optional<Rollout> rollout) {
    if (facts.decision() instanceof Refused) {
      return new Finding(Truth.False, Reason.Refused, "the spec cannot be carried out");
    }
    if (facts.conflict().filter(conflict -> !conflict.leftOver()).isPresent()
        || facts.endpoint() instanceof EndpointOutcome.Refused && facts.deployment().isEmpty()) {
      return new Finding(Truth.False, Reason.NameTaken, "waiting for a name to become free");
    }
    Optional<Step> planned = facts.planned();
    if (planned.isPresent()) {
      return new Finding(
          Truth.True, Reason.Updating, "a new version comes: " + planned.get().plan().message());
    }
    Stage stage = rollout.map(Rollout::stage).orElse(Stage.Creating);
    if (facts.quota() instanceof QuotaOutcome.Short
        && (rollout.isEmpty() || stage == Stage.Complete)) {
      return new Finding(
          Truth.False, Reason.OutOfQuota, "waiting for cores; goes on by itself with them");
    }
    if (stage == Stage.Complete) {
      return new Finding(Truth.False, Reason.Complete, "all is as wanted");
    }
    String progress =
        rollout
            .map(
                r ->
                    r.updated()
                        + " of "
                        + r.desired()
                        + " instances run the newest spec, "
                        + r.ready()
                        + " answer")
            .orElse("objects are being made");
    return new Finding(
        Truth.True,
        Reason.valueOf(stage.name()),
        progress
            + facts.rollout().flatMap(Step::status).map(told -> "; " + told.message()).orElse("")
            + facts.problem().map(problem -> "; " + problem.message()).orElse("")
            + FetchFinding.addition(facts));
  }
}
