package io.mistraloperator.operator.mistraldeployment;

import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.operator.catalogue.Machine;
import io.mistraloperator.operator.catalogue.Model;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.kube.Names;
import io.mistraloperator.operator.mistraldeployment.resources.EnginePods;
import io.mistraloperator.operator.mistraldeployment.resources.PodSettings;
import io.mistraloperator.operator.mistraldeployment.resources.WeightsClaim;
import io.mistraloperator.operator.plan.ClaimSharing;
import io.mistraloperator.operator.plan.EngineImages;
import io.mistraloperator.operator.plan.EnginePlan;
import io.mistraloperator.operator.plan.PlanRequest;
import io.mistraloperator.operator.plan.Planner;
import io.mistraloperator.operator.plan.Refusal;
import io.mistraloperator.operator.plan.Refusal.Reason;
import io.mistraloperator.operator.plan.WeightPolicy;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Decides what is to run: what runs already, a new plan, or nothing new. */
final class Planning {
  private final Planner planner;
  private final EnginePods pods;
  private final String platform;
  private final AccessModes accessModes;

  /**
   * @param accessModes asked about claims that others made
   * @param platform namespace of the operator's own deployments
   */
  Planning(Planner planner, EnginePods pods, AccessModes accessModes, String platform) {
    this.accessModes = accessModes;
    this.planner = planner;
    this.pods = pods;
    this.platform = platform;
  }

  /** Plans as the chart says. */
  static Planning of(OperatorConfig config, AccessModes accessModes) {
    var images = config.images();
    return new Planning(
        new Planner(
            new EngineImages(images.llamacpp(), images.vllm(), images.vllmCpu()),
            new WeightPolicy(config.weights().offline(), config.weights().cacheClaim())),
        new EnginePods(
            new PodSettings(
                images.fetcher(),
                config.image().pullPolicy(),
                config.image().pullSecrets().orElse(List.of()),
                config.weights().stallSeconds(),
                config.weights().attempts())),
        accessModes,
        config.namespace());
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
              + " is offered serverless only: make a ServerlessEndpoint instead of a MistralDeployment"
              + model
                  .flatMap(Model::substitute)
                  .flatMap(catalogue::model)
                  .filter(Model::managed)
                  .map(other -> ", or deploy " + other.id() + ", whose weights run for it")
                  .orElse(""),
          running);
    }
    if (spec.sharedQuota() != null && !model.get().sharedQuota()) {
      return refused(
          Reason.SharedQuotaNotOffered,
          model.get().id()
              + " is not offered on the platform's shared quota: make a new deployment without spec.sharedQuota, on the project's own",
          running);
    }
    Optional<Machine> machine = catalogue.machine(spec.instanceType());
    if (machine.isEmpty()) {
      return refused(
          Reason.UnknownInstanceType, catalogue.noSuchMachine(spec.instanceType()), running);
    }
    return switch (planner.plan(model.get(), machine.get(), request(deployment))) {
      case Refusal refusal -> new Decision.Refused(refusal, running);
      case EnginePlan plan -> placed(deployment, plan, model.get(), machine.get(), hash, running);
    };
  }

  private static PlanRequest request(MistralDeployment deployment) {
    return PlanRequest.of(deployment.getSpec(), Names.cache(deployment.getMetadata().getName()));
  }

  /** Places the instances as the claim of the weights allows. */
  private Decision placed(
      MistralDeployment deployment,
      EnginePlan plan,
      Model model,
      Machine machine,
      String hash,
      Optional<RunningPlan> running) {
    Optional<ClaimSharing> sharing = plan.claim().map(claim -> sharing(deployment, claim));
    if (sharing.equals(Optional.of(ClaimSharing.OnePod))) {
      return refused(
          Reason.ClaimNotShareable,
          "claim %s is ReadWriteOncePod: an update needs a second instance, which would wait for the volume for ever; use a claim that is ReadWriteMany, ReadOnlyMany or ReadWriteOnce"
              .formatted(plan.claim().orElseThrow()),
          running);
    }
    return new Decision.Run(
        new RunningPlan(
            hash,
            plan.status(machine, keptWhere(plan, sharing)),
            pods.template(deployment, plan, model, machine, sharing)),
        model);
  }

  private ClaimSharing sharing(MistralDeployment deployment, String claim) {
    var cache = deployment.getSpec().cache();
    return ClaimSharing.of(
        cache != null && cache.size() != null
            ? Optional.of(List.of(WeightsClaim.mode(cache).name()))
            : accessModes.of(deployment.getMetadata().getNamespace(), claim));
  }

  private static String keptWhere(EnginePlan plan, Optional<ClaimSharing> sharing) {
    return sharing
        .map(
            kind ->
                (plan.folder().isPresent() ? "; kept in claim " + plan.claim().orElseThrow() : "")
                    + "; "
                    + kind.words())
        .orElse(plan.source().fetched() ? "; fetched anew for each instance" : "");
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
