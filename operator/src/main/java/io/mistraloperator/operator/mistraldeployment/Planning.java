package io.mistraloperator.operator.mistraldeployment;

import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.operator.catalogue.Machine;
import io.mistraloperator.operator.catalogue.Model;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.mistraldeployment.resources.EnginePods;
import io.mistraloperator.operator.plan.EnginePlan;
import io.mistraloperator.operator.plan.PlanRequest;
import io.mistraloperator.operator.plan.Planner;
import io.mistraloperator.operator.plan.Refusal;
import io.mistraloperator.operator.plan.Refusal.Reason;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Decides what is to run: what runs already, a new plan, or nothing new. */
final class Planning {
  private final Planner planner;
  private final EnginePods pods;
  private final String platform;

  /**
   * @param platform namespace of the operator's own deployments
   */
  Planning(Planner planner, EnginePods pods, String platform) {
    this.planner = planner;
    this.pods = pods;
    this.platform = platform;
  }

  Decision decide(MistralDeployment deployment, Observation observation) {
    Optional<RunningPlan> running = observation.deployment().flatMap(RunningPlan::of);
    var catalogue = observation.catalogue();
    var spec = deployment.getSpec();
    Optional<Model> model = catalogue.model(spec.model());
    if (model.isEmpty()) {
      return refused(Reason.UnknownModel, catalogue.noSuchModel(spec.model()), running);
    }
    String hash = RunningPlan.specHash(deployment);
    if (running.filter(plan -> plan.specHash().equals(hash)).isPresent()) {
      return new Decision.Run(running.get(), model.get());
    }
    if (!model.get().managed() && !isPool(deployment)) {
      return refused(
          Reason.ModeNotOffered,
          model.get().id()
              + " is offered serverless only: make a ServerlessEndpoint instead of a MistralDeployment",
          running);
    }
    Optional<Machine> machine = catalogue.machine(spec.instanceType());
    if (machine.isEmpty()) {
      return refused(
          Reason.UnknownInstanceType, catalogue.noSuchMachine(spec.instanceType()), running);
    }
    return switch (planner.plan(model.get(), machine.get(), PlanRequest.of(spec))) {
      case Refusal refusal -> new Decision.Refused(refusal, running);
      case EnginePlan plan ->
          new Decision.Run(
              new RunningPlan(
                  hash,
                  plan.status(machine.get()),
                  pods.template(deployment, plan, model.get(), machine.get())),
              model.get());
    };
  }

  /** Instances that the operator itself wants; a project may write that label, too, elsewhere. */
  private boolean isPool(MistralDeployment deployment) {
    Map<String, String> labels =
        Objects.requireNonNullElse(deployment.getMetadata().getLabels(), Map.of());
    return Labels.OPERATOR.equals(labels.get(Labels.MANAGED_BY))
        && deployment.getMetadata().getNamespace().equals(platform);
  }

  private static Decision refused(Reason reason, String message, Optional<RunningPlan> running) {
    return new Decision.Refused(new Refusal(reason, message), running);
  }
}
