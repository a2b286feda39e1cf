package io.mistraloperator.operator.mistraldeployment;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.RolloutStatus;
import io.mistraloperator.operator.kube.Happening;
import io.mistraloperator.operator.kube.OwnerReferences;
import io.mistraloperator.operator.quota.Cores;
import io.mistraloperator.operator.quota.QuotaOutcome;
import io.mistraloperator.operator.rollout.RolloutPlan;
import io.mistraloperator.operator.rollout.RolloutPlanner;
import io.mistraloperator.operator.rollout.RolloutPlanner.Situation;
import io.mistraloperator.operator.rollout.SurgeObstacle;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Decides how a new version replaces the old one, and whether that has been told yet. */
final class Rollouts {
  /** Reasons of events. */
  enum Reason {
    RolloutPlanned
  }

  private final Clock clock;
  private final Duration patience;

  /**
   * @param patience how long an instance more may wait for a node before old ones go first
   */
  Rollouts(Clock clock, Duration patience) {
    this.clock = clock;
    this.patience = patience;
  }

  /**
   * The next step of a rollout.
   *
   * @param plan how instances come and go
   * @param status what is told of it; empty while there is nothing to replace
   * @param told whether it has been, so that it may be done
   */
  record Step(RolloutPlan plan, Optional<RolloutStatus> status, boolean told) {}

  Step step(
      MistralDeployment deployment,
      Observation observation,
      Sizing sizing,
      QuotaOutcome quota,
      Optional<RolloutStatus> latest) {
    String version = sizing.plan().specHash();
    Optional<Deployment> engine =
        observation.deployment().filter(found -> OwnerReferences.owns(deployment, found));
    Optional<RolloutStatus> before = latest.filter(told -> version.equals(told.version()));
    boolean rolling =
        sizing.instances() > 0
            && engine.filter(found -> replaces(found, version, before.isPresent())).isPresent();
    RolloutPlan plan =
        RolloutPlanner.plan(
            new Situation(
                Optional.ofNullable(deployment.getSpec().rollout()),
                sizing.instances(),
                spare(sizing, quota),
                sizing.plan().plan().startupSeconds(),
                engine
                    .filter(found -> rolling)
                    .flatMap(found -> obstacle(found, observation, sizing)),
                before.filter(told -> rolling)));
    if (!rolling) {
      return new Step(plan, Optional.empty(), true);
    }
    Optional<RolloutStatus> told = before.filter(earlier -> same(earlier, plan));
    String since =
        told.map(RolloutStatus::since)
            .orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    return new Step(plan, Optional.of(plan.status(version, since)), told.isPresent());
  }

  /** A change of the number of instances alone is none of versions. */
  private static boolean replaces(Deployment engine, String version, boolean begun) {
    if (engine.getSpec().getReplicas() == 0) {
      return false;
    }
    if (RunningPlan.of(engine).filter(plan -> plan.specHash().equals(version)).isEmpty()) {
      return true;
    }
    Rollout rollout = Rollout.of(engine, List.of(), 0);
    return rollout.seen()
        ? rollout.updated() < rollout.total() || begun && rollout.updated() < rollout.desired()
        : begun;
  }

  private static int spare(Sizing sizing, QuotaOutcome quota) {
    return quota instanceof QuotaOutcome.Exempt
        ? Integer.MAX_VALUE
        : Cores.counted(sizing.instances()) - sizing.instances();
  }

  private Optional<SurgeObstacle> obstacle(
      Deployment engine, Observation observation, Sizing sizing) {
    return SurgeObstacle.find(
        engine, sizing.plan().template().getSpec(), observation.pods(), clock.instant(), patience);
  }

  private static boolean same(RolloutStatus told, RolloutPlan plan) {
    RolloutStatus now = plan.status(told.version(), told.since());
    return now.strategy() == told.strategy()
        && Objects.equals(now.maxSurge(), told.maxSurge())
        && Objects.equals(now.maxUnavailable(), told.maxUnavailable());
  }

  /** What is to be told between two statuses: each plan once, before it is carried out. */
  static Optional<Happening> between(
      Optional<RolloutStatus> before, Optional<RolloutStatus> after) {
    return after
        .filter(now -> before.filter(then -> identity(then).equals(identity(now))).isEmpty())
        .map(
            now ->
                new Happening(
                    now.downtimeSeconds() > 0,
                    Reason.RolloutPlanned.name(),
                    "new version " + now.version() + ": " + now.message(),
                    identity(now)));
  }

  private static String identity(RolloutStatus status) {
    return String.join(
        "|",
        List.of(
            "rollout",
            status.version(),
            status.strategy().name(),
            status.maxSurge() + "/" + status.maxUnavailable(),
            status.since()));
  }
}
