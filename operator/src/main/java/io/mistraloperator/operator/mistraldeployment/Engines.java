package io.mistraloperator.operator.mistraldeployment;

import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.kube.Applier;
import io.mistraloperator.operator.mistraldeployment.Decision.Run;
import io.mistraloperator.operator.quota.QuotaBook;
import io.mistraloperator.operator.quota.QuotaOutcome;
import io.mistraloperator.operator.quota.QuotaOutcome.Reserved;
import io.mistraloperator.operator.rollout.RolloutPlan;

/**
 * Runs engines within the cores of their project: cores come before instances and go after them.
 */
final class Engines {
  private final OperatorConfig config;
  private final Applier applier;
  private final QuotaBook quotas;

  Engines(OperatorConfig config, Applier applier, QuotaBook quotas) {
    this.config = config;
    this.applier = applier;
    this.quotas = quotas;
  }

  /** Reserves what a deployment wants. What it has already is not touched. */
  QuotaOutcome reserve(MistralDeployment deployment, Run run, Observation observation) {
    var demand = Sizing.demand(deployment, run, observation, config.namespace());
    var cpuFamilies = observation.catalogue().cpuFamilies();
    // Load is served by as many as there are cores for; a number in the spec is meant as a whole.
    return observation.scaling().automatic().isPresent()
        ? quotas.reserveUpTo(demand, cpuFamilies)
        : quotas.reserve(demand, cpuFamilies);
  }

  /** Makes what its quota allows, and then gives back what it needs no more. */
  Observation run(
      MistralDeployment deployment,
      Observation observation,
      Sizing sizing,
      QuotaOutcome outcome,
      RolloutPlan rollout) {
    var seen = apply(deployment, observation, sizing, rollout);
    if (outcome instanceof Reserved reserved) {
      quotas.trim(reserved.demand(), observation.catalogue().cpuFamilies());
    }
    return seen;
  }

  /** Holds no cores but those of what runs, and waits for none. */
  void standBack(MistralDeployment deployment, Observation observation) {
    var cpuFamilies = observation.catalogue().cpuFamilies();
    if (observation.runs(deployment)) {
      quotas.withdraw(deployment, cpuFamilies);
    } else {
      quotas.release(deployment, cpuFamilies);
    }
  }

  private Observation apply(
      MistralDeployment deployment, Observation observation, Sizing sizing, RolloutPlan rollout) {
    boolean named = Sharing.namesEndpoint(deployment, observation);
    var desired = DesiredState.of(deployment, sizing, rollout, named, config);
    applier.apply(deployment, desired.networkPolicy(), observation.networkPolicy());
    desired
        .weightsClaim()
        .ifPresentOrElse(
            claim -> applier.apply(deployment, claim, observation.weightsClaim()),
            () ->
                applier.prune(
                    deployment,
                    observation.weightsClaim().filter(claim -> !desired.mounts(claim))));
    applier.apply(deployment, desired.engineService(), observation.engineService());
    desired
        .disruptionBudget()
        .ifPresentOrElse(
            budget -> applier.apply(deployment, budget, observation.disruptionBudget()),
            () -> applier.prune(deployment, observation.disruptionBudget()));
    desired
        .endpointService()
        .ifPresentOrElse(
            service -> applier.apply(deployment, service, observation.endpointService()),
            () -> applier.prune(deployment, observation.endpointService().filter(own -> !named)));
    return observation.afterApply(
        applier.apply(deployment, desired.deployment(), observation.deployment()));
  }
}
