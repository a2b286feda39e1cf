package io.mistraloperator.operator.mistraldeployment;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.kube.Applier;
import io.mistraloperator.operator.mistraldeployment.Decision.Run;
import io.mistraloperator.operator.quota.Account;
import io.mistraloperator.operator.quota.QuotaBook;
import io.mistraloperator.operator.quota.QuotaOutcome;
import io.mistraloperator.operator.rollout.RolloutPlan;
import java.util.Optional;

/**
 * Runs engines within the cores of their project: cores come before instances and go after them,
 * those of another machine type or size once no instance of an older version is left.
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

  /** Makes what its quota allows, and gives back what nothing needs any more that is there. */
  Observation run(
      MistralDeployment deployment,
      Observation observation,
      Sizing sizing,
      QuotaOutcome outcome,
      RolloutPlan rollout) {
    var seen = apply(deployment, observation, sizing, rollout);
    var engine = seen.deployment().orElseThrow();
    // Instances of an older version may be of other machines, whose cores they use to their end.
    if (Rollout.isSettled(engine) || isOnlyResized(observation.deployment(), engine)) {
      sizing
          .kept(outcome)
          .ifPresent(demand -> quotas.trim(demand, observation.catalogue().cpuFamilies()));
    }
    return seen;
  }

  /** Whether an engine without older instances has got another number of them and nothing else. */
  private static boolean isOnlyResized(Optional<Deployment> before, Deployment now) {
    return before
        .filter(engine -> engine.getMetadata().getUid().equals(now.getMetadata().getUid()))
        .filter(Rollout::isSettled)
        // More than one change may have been to another version and back.
        .filter(engine -> generation(now) <= generation(engine) + 1)
        .filter(engine -> version(engine).isPresent() && version(engine).equals(version(now)))
        .isPresent();
  }

  private static long generation(Deployment engine) {
    return engine.getMetadata().getGeneration();
  }

  private static Optional<String> version(Deployment engine) {
    return RunningPlan.of(engine).map(RunningPlan::specHash);
  }

  /** Holds no cores but those of what runs, and waits for none. */
  void standBack(MistralDeployment deployment, Observation observation) {
    var cpuFamilies = observation.catalogue().cpuFamilies();
    if (observation.runs(deployment)) {
      quotas.withdraw(deployment, cpuFamilies);
      var account = Account.of(deployment, config.namespace());
      observation
          .deployment()
          .filter(engine -> applier.isLatest(deployment, engine))
          .filter(Rollout::isSettled)
          .flatMap(engine -> Sizing.running(deployment, account, engine))
          .ifPresent(demand -> quotas.trim(demand, cpuFamilies));
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
