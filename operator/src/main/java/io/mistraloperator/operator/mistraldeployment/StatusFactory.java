package io.mistraloperator.operator.mistraldeployment;

import io.fabric8.kubernetes.api.model.Condition;
import io.mistraloperator.api.EndpointStatus;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralDeploymentStatus;
import io.mistraloperator.api.MistralDeploymentStatus.Instances;
import io.mistraloperator.api.PlanStatus;
import io.mistraloperator.api.ProvisioningState;
import io.mistraloperator.operator.kube.Conditions;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.mistraldeployment.Decision.Refused;
import io.mistraloperator.operator.mistraldeployment.Decision.Run;
import io.mistraloperator.operator.mistraldeployment.Rollout.Stage;
import io.mistraloperator.operator.mistraldeployment.Rollouts.Step;
import io.mistraloperator.operator.route.EndpointOutcome.Published;
import io.mistraloperator.operator.scaling.Scaling.Automatic;
import io.mistraloperator.operator.usage.Meter;
import io.mistraloperator.operator.usage.UsageReport;
import java.time.Clock;
import java.time.Instant;
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
    NotAsked,
    SharedQuota,
    ExpiresSoon
  }

  private final Clock clock;
  private final String currency;

  StatusFactory(Clock clock, String currency) {
    this.clock = clock;
    this.currency = currency;
  }

  MistralDeploymentStatus status(
      MistralDeployment deployment,
      Facts facts,
      Optional<MistralDeploymentStatus> latest,
      Optional<Meter> used) {
    List<Condition> before = latest.map(MistralDeploymentStatus::conditions).orElse(List.of());
    long generation = actedOn(deployment, facts, latest);
    var rollout = facts.progress();
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
    if (TrafficFinding.isUndecided(facts.endpoint())) {
      conditions.keep(TrafficFinding.TRAFFIC_VALID);
    } else {
      TrafficFinding.of(facts.endpoint())
          .ifPresent(finding -> finding.addTo(conditions, TrafficFinding.TRAFFIC_VALID));
    }
    scaling.ifPresent(verdicts -> verdicts.addTo(conditions));
    ZoneFinding.of(deployment)
        .ifPresent(finding -> finding.addTo(conditions, ZoneFinding.TIME_ZONE_UNKNOWN));
    var lifetime = Lifetime.of(deployment, latest);
    lifetime.ifPresent(
        life -> life.finding(clock.instant(), before).addTo(conditions, Lifetime.EXPIRING));
    int desired = facts.scaling().instances();
    int ready = rollout.map(Rollout::ready).orElse(0);
    return new MistralDeploymentStatus(
        generation,
        conditions.list(),
        state(conditions.list(), facts, rollout),
        endpoint(facts, latest).orElse(null),
        new Instances(
            desired, ready, rollout.map(Rollout::updated).orElse(0), ready + "/" + desired),
        facts.scaling().automatic().map(Automatic::status).orElse(null),
        plan(facts).orElse(null),
        facts.fetch().orElse(null),
        rollout.map(Rollout::total).orElse(0),
        Labels.selector(Labels.enginePods(deployment)),
        facts.rollout().flatMap(Step::status).orElse(null),
        TrafficFinding.percent(facts.endpoint(), deployment.getMetadata().getName())
            .or(
                () ->
                    TrafficFinding.isUndecided(facts.endpoint())
                        ? latest.map(MistralDeploymentStatus::traffic)
                        : Optional.empty())
            .orElse(null),
        lifetime.map(Lifetime::end).map(Instant::toString).orElse(null),
        used.map(meter -> UsageReport.of(meter, clock.instant(), currency))
            .or(() -> latest.map(MistralDeploymentStatus::usage))
            .orElse(null));
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

  private static Optional<EndpointStatus> endpoint(
      Facts facts, Optional<MistralDeploymentStatus> latest) {
    if (!(facts.endpoint() instanceof Published published)) {
      return Optional.empty();
    }
    return facts.decision() instanceof Run run
        ? Optional.of(
            new EndpointStatus(
                published.address().endpointName(),
                published.address().url(),
                published.address().clusterUrl(),
                published.keySecret(),
                run.model().id(),
                run.model().task().modelType()))
        // What is refused leaves the old version serving, as it was told of then.
        : latest.map(MistralDeploymentStatus::endpoint);
  }
}
