package io.mistraloperator.operator.mistraldeployment;

import io.fabric8.kubernetes.api.model.Condition;
import io.mistraloperator.api.EndpointStatus;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralDeploymentStatus;
import io.mistraloperator.api.MistralDeploymentStatus.Instances;
import io.mistraloperator.api.PlanStatus;
import io.mistraloperator.api.ProvisioningState;
import io.mistraloperator.operator.diagnosis.Problem;
import io.mistraloperator.operator.kube.Conditions;
import io.mistraloperator.operator.kube.Conditions.Truth;
import io.mistraloperator.operator.kube.Finding;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.mistraldeployment.Decision.Refused;
import io.mistraloperator.operator.mistraldeployment.Decision.Run;
import io.mistraloperator.operator.mistraldeployment.Rollout.Stage;
import io.mistraloperator.operator.mistraldeployment.Rollouts.Step;
import io.mistraloperator.operator.quota.Demand;
import io.mistraloperator.operator.quota.QuotaOutcome;
import io.mistraloperator.operator.quota.Shortage;
import io.mistraloperator.operator.route.EndpointOutcome;
import io.mistraloperator.operator.route.EndpointOutcome.NotExposed;
import io.mistraloperator.operator.route.EndpointOutcome.Published;
import io.mistraloperator.operator.route.EndpointOutcome.Waiting;
import io.mistraloperator.operator.scaling.Scaling.Automatic;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Makes the status of a deployment from facts. */
final class StatusFactory {
  /** Reasons of conditions, besides those of refusals and problems. */
  enum Reason {
    Accepted,
    Serving,
    Starting,
    Fetching,
    FetchSlow,
    FetchRetrying,
    WaitingForFetch,
    Stopped,
    NoInstances,
    Published,
    NotExposed,
    Waiting,
    EndpointNameTaken,
    EndpointFull,
    NameTaken,
    ObjectRefused,
    Refused,
    Complete,
    Creating,
    Updating,
    Scaling,
    AsWanted,
    Reserved,
    OutOfQuota,
    PlatformCapacity,
    NotAsked
  }

  private final Clock clock;

  StatusFactory(Clock clock) {
    this.clock = clock;
  }

  MistralDeploymentStatus status(
      MistralDeployment deployment, Facts facts, Optional<MistralDeploymentStatus> latest) {
    List<Condition> before = latest.map(MistralDeploymentStatus::conditions).orElse(List.of());
    long generation = actedOn(deployment, facts, latest);
    var rollout = facts.deployment().map(seen -> Rollout.of(seen, facts.pods()));
    var scaling = ScalingVerdict.of(facts, rollout, before);
    var verdict = new Verdict(deployment, facts, rollout, scaling);
    var conditions = new Conditions(before, generation, clock);
    verdict.ready().addTo(conditions, "Ready");
    ProgressFinding.of(facts, rollout).addTo(conditions, "Progressing");
    verdict.stalled().addTo(conditions, "Stalled");
    verdict.quotaSatisfied().addTo(conditions, "QuotaSatisfied");
    verdict.planAccepted().addTo(conditions, "PlanAccepted");
    verdict.engineReady().addTo(conditions, "EngineReady");
    verdict.endpointReady().addTo(conditions, "EndpointReady");
    TrafficFinding.of(facts.endpoint())
        .ifPresent(finding -> finding.addTo(conditions, TrafficFinding.TRAFFIC_VALID));
    scaling.ifPresent(verdicts -> verdicts.addTo(conditions));
    int desired = facts.scaling().instances();
    int ready = rollout.map(Rollout::ready).orElse(0);
    return new MistralDeploymentStatus(
        generation,
        conditions.list(),
        state(conditions.list(), facts, rollout),
        endpoint(facts),
        new Instances(
            desired, ready, rollout.map(Rollout::updated).orElse(0), ready + "/" + desired),
        facts.scaling().automatic().map(Automatic::status).orElse(null),
        plan(facts).orElse(null),
        facts.fetch().orElse(null),
        rollout.map(Rollout::total).orElse(0),
        Labels.selector(Labels.enginePods(deployment)),
        facts.rollout().flatMap(Step::status).orElse(null),
        TrafficFinding.percent(facts.endpoint(), deployment.getMetadata().getName()).orElse(null));
  }

  /** What is only told is not acted on (T-S8). */
  private static long actedOn(
      MistralDeployment deployment, Facts facts, Optional<MistralDeploymentStatus> latest) {
    long generation = deployment.getMetadata().getGeneration();
    return facts.planned().isPresent()
        ? latest.map(MistralDeploymentStatus::observedGeneration).orElse(generation - 1)
        : generation;
  }

  private static ProvisioningState state(
      List<Condition> conditions, Facts facts, Optional<Rollout> rollout) {
    if (Conditions.isTrue(conditions, "Stalled")) {
      return ProvisioningState.Failed;
    }
    if (!Conditions.isTrue(conditions, "Progressing")) {
      return ProvisioningState.Succeeded;
    }
    if (facts.planned().isPresent()) {
      return ProvisioningState.Updating;
    }
    return switch (rollout.map(Rollout::stage).orElse(Stage.Creating)) {
      case Creating -> ProvisioningState.Creating;
      case Updating -> ProvisioningState.Updating;
      case Scaling, Complete -> ProvisioningState.Scaling;
    };
  }

  private static Optional<PlanStatus> plan(Facts facts) {
    return switch (facts.decision()) {
      case Run run -> Optional.of(run.running().plan());
      case Refused refused -> refused.running().map(RunningPlan::plan);
    };
  }

  private static EndpointStatus endpoint(Facts facts) {
    return facts.endpoint() instanceof Published published && facts.decision() instanceof Run run
        ? new EndpointStatus(
            published.address().endpointName(),
            published.address().url(),
            published.address().clusterUrl(),
            published.keySecret(),
            run.model().id(),
            run.model().task().modelType())
        : null;
  }

  /** Derives the conditions from facts. */
  private record Verdict(
      MistralDeployment deployment,
      Facts facts,
      Optional<Rollout> rollout,
      Optional<ScalingVerdict> scaling) {
    Finding planAccepted() {
      return switch (facts.decision()) {
        case Run run -> new Finding(Truth.True, Reason.Accepted, run.running().plan().memory());
        case Refused refused ->
            new Finding(Truth.False, refused.refusal().reason(), refused.refusal().message());
      };
    }

    Finding quotaSatisfied() {
      return switch (facts.quota()) {
        case QuotaOutcome.Reserved(Demand demand) ->
            new Finding(
                Truth.True,
                Reason.Reserved,
                "%d cores of family %s are reserved: %s"
                    .formatted(demand.cores(), demand.family(), demand.arithmetic()));
        case QuotaOutcome.Short(Shortage shortage, var ignored) ->
            new Finding(Truth.False, Reason.OutOfQuota, shortage.message());
        case QuotaOutcome.Exempt() ->
            new Finding(
                Truth.True,
                Reason.PlatformCapacity,
                "the platform's own instances count against no quota");
        case QuotaOutcome.NotAsked() ->
            new Finding(
                Truth.Unknown, Reason.NotAsked, "something else stands in the way before quota");
      };
    }

    Finding engineReady() {
      int desired = facts.scaling().instances();
      int ready = rollout.map(Rollout::ready).orElse(0);
      if (ready > 0) {
        return new Finding(
            Truth.True, Reason.Serving, ready + " of " + desired + " instances answer");
      }
      var restful = scaling.flatMap(ScalingVerdict::restful);
      if (restful.isPresent()) {
        return restful.get().withTruth(Truth.False);
      }
      if (desired == 0 && facts.deployment().isPresent()) {
        return new Finding(Truth.False, Reason.Stopped, "spec.instances is 0");
      }
      if (facts.deployment().isEmpty()) {
        return new Finding(Truth.False, Reason.NoInstances, "no instance has been made");
      }
      return facts
          .problem()
          .map(problem -> new Finding(Truth.False, problem.reason(), problem.message()))
          .or(() -> facts.fetch().map(FetchFinding::of))
          .orElseGet(
              () ->
                  new Finding(
                      Truth.False,
                      Reason.Starting,
                      "the model is being loaded; an instance counts once it has answered a completion"));
    }

    Finding endpointReady() {
      return switch (facts.endpoint()) {
        case Published published -> new Finding(Truth.True, Reason.Published, published.message());
        case NotExposed ignored ->
            new Finding(Truth.True, Reason.NotExposed, "spec.expose is false: there is no URL");
        case EndpointOutcome.Refused refused ->
            new Finding(
                Truth.False,
                refused instanceof EndpointOutcome.Full
                    ? Reason.EndpointFull
                    : Reason.EndpointNameTaken,
                refused.message(deployment.getMetadata().getNamespace()));
        case Waiting ignored ->
            new Finding(Truth.False, Reason.Waiting, "there is nothing to publish yet");
      };
    }

    Finding ready() {
      Finding engine = engineReady();
      Finding endpoint = endpointReady();
      if (engine.truth() == Truth.True && endpoint.truth() == Truth.True) {
        return new Finding(Truth.True, Reason.Serving, engine.message());
      }
      return firstCause()
          .map(cause -> cause.withTruth(Truth.False))
          .or(() -> endpoint.isTrue() ? scaling.flatMap(ScalingVerdict::restful) : Optional.empty())
          .orElseGet(
              () -> (engine.truth() == Truth.True ? endpoint : engine).withTruth(Truth.False));
    }

    Finding stalled() {
      return firstCause()
          .map(cause -> cause.withTruth(Truth.True))
          .or(
              () ->
                  facts
                      .problem()
                      .filter(Problem::needsPerson)
                      .map(problem -> new Finding(Truth.True, problem.reason(), problem.message())))
          .orElseGet(() -> new Finding(Truth.False, Reason.AsWanted, "nothing needs a person"));
    }

    /** A cause that lies before any pod. */
    private Optional<Finding> firstCause() {
      if (facts.decision() instanceof Refused refused) {
        return Optional.of(
            new Finding(Truth.False, refused.refusal().reason(), refused.refusal().message()));
      }
      if (facts.endpoint() instanceof EndpointOutcome.Refused) {
        return Optional.of(endpointReady());
      }
      boolean limit = scaling.filter(ScalingVerdict::runsWithoutThem).isPresent();
      if (facts.quota() instanceof QuotaOutcome.Short && !limit) {
        return Optional.of(quotaSatisfied());
      }
      return facts
          .conflict()
          .filter(conflict -> !conflict.leftOver())
          .map(conflict -> new Finding(Truth.False, Reason.NameTaken, conflict.getMessage()))
          .or(
              () ->
                  facts
                      .refusal()
                      .map(
                          words ->
                              new Finding(
                                  Truth.False,
                                  Reason.ObjectRefused,
                                  "the API server refuses what the deployment needs: " + words)));
    }
  }
}
