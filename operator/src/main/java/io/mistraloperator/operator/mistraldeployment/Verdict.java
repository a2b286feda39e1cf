package io.mistraloperator.operator.mistraldeployment;

import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.SharedQuota;
import io.mistraloperator.operator.diagnosis.Problem;
import io.mistraloperator.operator.kube.Conditions.Truth;
import io.mistraloperator.operator.kube.Finding;
import io.mistraloperator.operator.kube.Names;
import io.mistraloperator.operator.mistraldeployment.Decision.Refused;
import io.mistraloperator.operator.mistraldeployment.Decision.Run;
import io.mistraloperator.operator.mistraldeployment.StatusFactory.Reason;
import io.mistraloperator.operator.quota.Demand;
import io.mistraloperator.operator.quota.QuotaOutcome;
import io.mistraloperator.operator.quota.Shortage;
import io.mistraloperator.operator.route.EndpointOutcome;
import io.mistraloperator.operator.route.EndpointOutcome.NotExposed;
import io.mistraloperator.operator.route.EndpointOutcome.Published;
import io.mistraloperator.operator.route.EndpointOutcome.Waiting;
import java.util.Optional;

/** Derives the conditions of a deployment from facts. */
record Verdict(
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
          new Finding(Truth.False, Reason.OutOfQuota, shortage.message() + alternative());
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

  /** What a project that is short of its own quota may do (row A2.5). */
  private String alternative() {
    return facts.decision() instanceof Run run
            && run.model().sharedQuota()
            && deployment.getSpec().sharedQuota() == null
        ? ". For a test of %d hours, a new deployment may use the platform's shared quota: spec.sharedQuota"
            .formatted(SharedQuota.HOURS)
        : "";
  }

  Finding engineReady() {
    int desired = facts.scaling().instances();
    int ready = rollout.map(Rollout::ready).orElse(0);
    if (ready > 0) {
      return new Finding(
          Truth.True, Reason.Serving, ready + " of " + desired + " instances answer");
    }
    if (desired > 0 && facts.deployment().filter(Rollout::hasReadyPods).isPresent()) {
      return new Finding(
          Truth.False,
          Reason.Starting,
          "an instance is ready, and gateways do not see it yet: no EndpointSlice lists it for Service "
              + Names.engine(deployment.getMetadata().getName()));
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
        .orElseGet(() -> (engine.truth() == Truth.True ? endpoint : engine).withTruth(Truth.False));
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
