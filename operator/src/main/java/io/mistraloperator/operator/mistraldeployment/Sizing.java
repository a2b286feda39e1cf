package io.mistraloperator.operator.mistraldeployment;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.mistraloperator.api.InferenceQuotaStatus.Reservation;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.operator.catalogue.Machine;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.kube.OwnerReferences;
import io.mistraloperator.operator.mistraldeployment.Decision.Run;
import io.mistraloperator.operator.quota.Account;
import io.mistraloperator.operator.quota.Demand;
import io.mistraloperator.operator.quota.QuotaOutcome;
import io.mistraloperator.operator.quota.QuotaOutcome.Exempt;
import io.mistraloperator.operator.quota.QuotaOutcome.NotAsked;
import io.mistraloperator.operator.quota.QuotaOutcome.Reserved;
import io.mistraloperator.operator.quota.QuotaOutcome.Short;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What runs within the cores that a deployment has.
 *
 * @param plan the plan and its pod template
 * @param instances how many, from 0
 */
record Sizing(RunningPlan plan, int instances) {

  /**
   * What a deployment wants of its quota. The catalogue says how big its machines are, and only
   * where it has them no more, what runs.
   *
   * @param platform the operator's own namespace
   */
  static Demand demand(
      MistralDeployment deployment, Run run, Observation observation, String platform) {
    var plan = run.running().plan();
    Optional<Machine> machine =
        observation.catalogue().machine(deployment.getSpec().instanceType());
    return new Demand(
        Labels.Owner.of(deployment),
        Account.of(deployment, platform),
        machine.map(Machine::family).orElse(plan.family()),
        machine.map(Machine::cores).orElse(plan.cores()),
        observation.scaling().instances());
  }

  /** What is to run; empty when nothing may and nothing does. */
  static Optional<Sizing> of(
      MistralDeployment deployment, Observation observation, Run run, QuotaOutcome outcome) {
    if (!(outcome instanceof Short wanting)) {
      return Optional.of(new Sizing(run.running(), observation.scaling().instances()));
    }
    Optional<RunningPlan> present =
        observation
            .deployment()
            .filter(engine -> OwnerReferences.owns(deployment, engine))
            .map(engine -> RunningPlan.of(engine).orElse(run.running()));
    return sameMachines(run, wanting)
        .or(() -> present.map(plan -> new Sizing(plan, instances(wanting.held(), plan))));
  }

  /** What it needs of what is reserved; empty where nothing is. */
  Optional<Demand> kept(QuotaOutcome outcome) {
    return switch (outcome) {
      case Reserved reserved -> Optional.of(reserved.demand());
      case Short wanting -> Optional.of(kept(wanting));
      case Exempt ignored -> Optional.empty();
      case NotAsked ignored -> Optional.empty();
    };
  }

  private Demand kept(Short wanting) {
    var demand = wanting.shortage().demand();
    return wanting.held().stream().anyMatch(demand::sameSize)
        ? demand.ofInstances(instances)
        : new Demand(
            demand.holder(),
            demand.account(),
            plan.plan().family(),
            plan.plan().cores(),
            instances);
  }

  /** What an engine needs as it is; empty where it does not say what it was made from. */
  static Optional<Demand> running(MistralDeployment owner, Account account, Deployment engine) {
    int replicas = Objects.requireNonNullElse(engine.getSpec().getReplicas(), 1);
    return RunningPlan.of(engine)
        .map(RunningPlan::plan)
        .map(
            plan ->
                new Demand(Labels.Owner.of(owner), account, plan.family(), plan.cores(), replicas));
  }

  /** The new plan at the old size; not where the new plan needs other machines. */
  private static Optional<Sizing> sameMachines(Run run, Short wanting) {
    return wanting.held().stream()
        .filter(wanting.shortage().demand()::sameSize)
        .findFirst()
        .map(held -> new Sizing(run.running(), held.instances()));
  }

  private static int instances(List<Reservation> held, RunningPlan plan) {
    return held.stream()
        .filter(entry -> entry.family().equals(plan.plan().family()))
        .mapToInt(Reservation::instances)
        .findFirst()
        .orElse(0);
  }
}
