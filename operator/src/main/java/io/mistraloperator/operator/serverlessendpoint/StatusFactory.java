package io.mistraloperator.operator.serverlessendpoint;

import io.fabric8.kubernetes.api.model.Condition;
import io.mistraloperator.api.EndpointStatus;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralDeploymentStatus;
import io.mistraloperator.api.ProvisioningState;
import io.mistraloperator.api.ServerlessEndpoint;
import io.mistraloperator.api.ServerlessEndpointStatus;
import io.mistraloperator.api.ServerlessEndpointStatus.EndpointState;
import io.mistraloperator.operator.kube.Conditions;
import io.mistraloperator.operator.kube.Conditions.Truth;
import io.mistraloperator.operator.kube.Finding;
import io.mistraloperator.operator.route.EndpointOutcome;
import io.mistraloperator.operator.route.EndpointOutcome.NotExposed;
import io.mistraloperator.operator.route.EndpointOutcome.Published;
import io.mistraloperator.operator.route.EndpointOutcome.Waiting;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Makes the status of a serverless endpoint from facts. */
final class StatusFactory {
  /** Reasons of conditions, besides those of refusals. */
  enum Reason {
    Accepted,
    AlreadyDeployed,
    NameTaken,
    Serving,
    PoolStarting,
    PoolNotReady,
    PlatformCapacity,
    Published,
    Waiting,
    EndpointNameTaken,
    Complete,
    Refused,
    Creating,
    AsWanted
  }

  /** Reasons of a pool that lacks hardware or the right to it. */
  private static final Set<String> LACKING = Set.of("OutOfQuota", "PodsRefused", "Unschedulable");

  private static final Set<Reason> TROUBLE = Set.of(Reason.PoolNotReady, Reason.PlatformCapacity);

  private final Clock clock;

  StatusFactory(Clock clock) {
    this.clock = clock;
  }

  ServerlessEndpointStatus status(
      ServerlessEndpoint endpoint, Facts facts, List<Condition> before) {
    long generation = endpoint.getMetadata().getGeneration();
    String project = endpoint.getMetadata().getNamespace();
    var accepted = accepted(facts);
    var instances = instances(facts);
    var published = published(facts, project);
    var ready = ready(accepted, published, instances);
    var refusal = refusal(accepted, published);
    var conditions = new Conditions(before, generation, clock);
    ready.addTo(conditions, "Ready");
    progressing(refusal, ready).addTo(conditions, "Progressing");
    stalled(refusal, instances).addTo(conditions, "Stalled");
    accepted.addTo(conditions, "Accepted");
    instances.addTo(conditions, "EngineReady");
    published.addTo(conditions, "EndpointReady");
    boolean stalled = Conditions.isTrue(conditions.list(), "Stalled");
    return new ServerlessEndpointStatus(
        generation,
        conditions.list(),
        stalled
            ? ProvisioningState.Failed
            : ready.isTrue() ? ProvisioningState.Succeeded : ProvisioningState.Creating,
        ready.isTrue()
            ? EndpointState.Online
            : stalled ? EndpointState.CreationFailed : EndpointState.Creating,
        endpoint(facts));
  }

  private static Finding accepted(Facts facts) {
    if (facts.refusal().isPresent()) {
      var refusal = facts.refusal().get();
      return new Finding(Truth.False, refusal.reason(), refusal.message());
    }
    if (facts.holder().isPresent()) {
      return new Finding(
          Truth.False,
          Reason.AlreadyDeployed,
          "this project has the endpoint "
              + facts.holder().get()
              + " for the model already, and one is all there can be: use it, or delete it and this one takes its place");
    }
    return facts
        .conflict()
        .filter(conflict -> !conflict.leftOver())
        .map(conflict -> new Finding(Truth.False, Reason.NameTaken, conflict.getMessage()))
        .orElseGet(
            () -> new Finding(Truth.True, Reason.Accepted, "the model is offered serverless"));
  }

  private static Finding instances(Facts facts) {
    List<Condition> conditions =
        facts
            .pool()
            .map(MistralDeployment::getStatus)
            .map(MistralDeploymentStatus::conditions)
            .orElse(List.of());
    if (Conditions.isTrue(conditions, "EngineReady")) {
      return new Finding(Truth.True, Reason.Serving, "the platform's instances answer");
    }
    return Conditions.find(conditions, "Ready")
        .map(
            cause ->
                new Finding(
                    Truth.False,
                    reason(conditions, cause),
                    "the platform's instances do not answer: " + cause.getMessage()))
        .orElseGet(
            () ->
                new Finding(
                    Truth.False, Reason.PoolStarting, "the platform's instances are being made"));
  }

  /** The project can do nothing about what the platform lacks, and its own quota is not used. */
  private static Reason reason(List<Condition> conditions, Condition cause) {
    if (LACKING.contains(cause.getReason())) {
      return Reason.PlatformCapacity;
    }
    return Conditions.isTrue(conditions, "Stalled") ? Reason.PoolNotReady : Reason.PoolStarting;
  }

  private static Finding published(Facts facts, String project) {
    return switch (facts.endpoint()) {
      case Published published ->
          new Finding(Truth.True, Reason.Published, published.address().url());
      case EndpointOutcome.Refused refused ->
          new Finding(Truth.False, Reason.EndpointNameTaken, refused.message(project));
      case Waiting ignored ->
          new Finding(Truth.False, Reason.Waiting, "there is nothing to publish yet");
      case NotExposed ignored ->
          throw new IllegalStateException("a serverless endpoint is always exposed");
    };
  }

  private static Optional<Finding> refusal(Finding accepted, Finding published) {
    return Stream.of(accepted, published)
        .filter(finding -> !finding.isTrue() && finding.reason() != Reason.Waiting)
        .findFirst();
  }

  private static Finding ready(Finding accepted, Finding published, Finding instances) {
    if (published.isTrue() && instances.isTrue()) {
      return new Finding(Truth.True, Reason.Serving, published.message());
    }
    return refusal(accepted, published).orElseGet(() -> instances.isTrue() ? published : instances);
  }

  private static Finding progressing(Optional<Finding> refusal, Finding ready) {
    if (refusal.isPresent()) {
      return new Finding(Truth.False, Reason.Refused, "the spec cannot be carried out");
    }
    return ready.isTrue()
        ? new Finding(Truth.False, Reason.Complete, "all is as wanted")
        : new Finding(Truth.True, Reason.Creating, ready.message());
  }

  private static Finding stalled(Optional<Finding> refusal, Finding instances) {
    return refusal
        .or(() -> Optional.of(instances).filter(found -> TROUBLE.contains(found.reason())))
        .map(cause -> cause.withTruth(Truth.True))
        .orElseGet(() -> new Finding(Truth.False, Reason.AsWanted, "nothing needs a person"));
  }

  private static EndpointStatus endpoint(Facts facts) {
    return facts.endpoint() instanceof Published published
        ? facts
            .model()
            .map(
                model ->
                    new EndpointStatus(
                        published.address().endpointName(),
                        published.address().url(),
                        published.address().clusterUrl(),
                        published.keySecret(),
                        model.id(),
                        model.task().modelType()))
            .orElse(null)
        : null;
  }
}
