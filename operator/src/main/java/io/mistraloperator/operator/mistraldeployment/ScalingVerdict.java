package io.mistraloperator.operator.mistraldeployment;

import io.fabric8.kubernetes.api.model.Condition;
import io.mistraloperator.operator.diagnosis.Problem;
import io.mistraloperator.operator.kube.Conditions;
import io.mistraloperator.operator.kube.Conditions.Truth;
import io.mistraloperator.operator.kube.Finding;
import io.mistraloperator.operator.quota.QuotaOutcome.Short;
import io.mistraloperator.operator.scaling.Autoscaler;
import io.mistraloperator.operator.scaling.Scaling.Automatic;
import io.mistraloperator.operator.scaling.Scaling.Observed;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the conditions say of a deployment whose load decides.
 *
 * @param automatic what the load says
 * @param facts all that is known
 * @param rollout how far the engine Deployment is
 * @param before conditions of the last status
 */
record ScalingVerdict(
    Automatic automatic, Facts facts, Optional<Rollout> rollout, List<Condition> before) {
  private static final String ACTIVE = "Active";

  /** Problems of single instances by which there are fewer than the load asks for. */
  private static final Set<Problem.Reason> LACKING =
      Set.of(Problem.Reason.Unschedulable, Problem.Reason.PodsRefused);

  /** Reasons of these conditions. */
  enum Reason {
    Serving,
    ScaledToZero,
    Waking,
    Starting,
    MaxInstances,
    OutOfQuota,
    AsAsked,
    GatewaysAnswer,
    GatewaysSilent,
    NotYet
  }

  /** What the load says of a deployment; empty where the spec gives the number. */
  static Optional<ScalingVerdict> of(
      Facts facts, Optional<Rollout> rollout, List<Condition> before) {
    return facts
        .scaling()
        .automatic()
        .map(automatic -> new ScalingVerdict(automatic, facts, rollout, before));
  }

  void addTo(Conditions conditions) {
    active().addTo(conditions, ACTIVE);
    limited().addTo(conditions, "ScalingLimited");
    observed().addTo(conditions, Autoscaler.LOAD_OBSERVED);
  }

  /**
   * Why there is no instance and nothing is wrong: none is needed, or the first one is on its way
   * and requests are held for it.
   */
  Optional<Finding> restful() {
    if (automatic.atZero()) {
      return Optional.of(
          new Finding(
              Truth.True,
              Reason.ScaledToZero,
              "no instance runs, since nobody asks; a request is held while one starts"));
    }
    return isWaking() && facts.problem().isEmpty()
        ? Optional.of(
            new Finding(
                Truth.True,
                Reason.Waking,
                "an instance is being started; requests are held for it"
                    + FetchFinding.addition(facts)))
        : Optional.empty();
  }

  /** Whether what runs without the cores that are missing is as many as the project demands. */
  boolean runsWithoutThem() {
    int least = Math.max(1, automatic.bounds().min());
    return rollout.filter(seen -> seen.desired() >= least).isPresent();
  }

  private boolean isWaking() {
    return ready() == 0
        && Conditions.find(before, ACTIVE)
            .map(Condition::getReason)
            .filter(
                reason ->
                    reason.equals(Reason.ScaledToZero.name())
                        || reason.equals(Reason.Waking.name()))
            .isPresent();
  }

  private int ready() {
    return rollout.map(Rollout::ready).orElse(0);
  }

  private Finding active() {
    if (automatic.atZero() || isWaking()) {
      return restful()
          .orElseGet(() -> new Finding(Truth.False, Reason.Waking, problem()))
          .withTruth(Truth.False);
    }
    return ready() > 0
        ? new Finding(Truth.True, Reason.Serving, "instances answer")
        : new Finding(
            Truth.False, Reason.Starting, "no instance answers yet" + FetchFinding.addition(facts));
  }

  private String problem() {
    return facts.problem().map(Problem::message).orElse("");
  }

  private Finding limited() {
    var status = automatic.status();
    if (facts.quota() instanceof Short(var shortage, var ignored)) {
      return new Finding(Truth.True, Reason.OutOfQuota, shortage.message());
    }
    var lacking = facts.problem().filter(problem -> LACKING.contains(problem.reason()));
    if (lacking.isPresent()) {
      return new Finding(Truth.True, lacking.get().reason(), lacking.get().message());
    }
    return automatic.atMaximum()
        ? new Finding(
            Truth.True,
            Reason.MaxInstances,
            "the load asks for %d instances, spec.autoscaling.maxInstances allows %d"
                .formatted(status.asked(), automatic.bounds().max()))
        : new Finding(Truth.False, Reason.AsAsked, "the load has the instances that it asks for");
  }

  private Finding observed() {
    return switch (automatic.observed()) {
      case Observed.Current ignored ->
          new Finding(Truth.True, Reason.GatewaysAnswer, "all gateways tell their load");
      case Observed.Stale(String gateways) ->
          new Finding(Truth.False, Reason.GatewaysSilent, gateways);
      case Observed.NotYet ignored ->
          new Finding(Truth.Unknown, Reason.NotYet, "no gateway has been asked yet");
    };
  }
}
