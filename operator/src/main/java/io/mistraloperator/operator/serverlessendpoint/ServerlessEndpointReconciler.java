package io.mistraloperator.operator.serverlessendpoint;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.mistraloperator.api.InferenceRouteSpec.Backend;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralDeploymentStatus;
import io.mistraloperator.api.PlanStatus;
import io.mistraloperator.api.ServerlessEndpoint;
import io.mistraloperator.api.ServerlessEndpointStatus;
import io.mistraloperator.operator.catalogue.Model;
import io.mistraloperator.operator.catalogue.Model.ServerlessOffer;
import io.mistraloperator.operator.catalogue.ModelNames;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.keys.KeySecret.Revisions;
import io.mistraloperator.operator.kube.ApiErrors;
import io.mistraloperator.operator.kube.Applier;
import io.mistraloperator.operator.kube.EventRecorder;
import io.mistraloperator.operator.kube.NameTakenException;
import io.mistraloperator.operator.kube.Names;
import io.mistraloperator.operator.kube.StatusWriter;
import io.mistraloperator.operator.kube.TrimmedItemStore;
import io.mistraloperator.operator.plan.Refusal;
import io.mistraloperator.operator.route.EndpointOutcome;
import io.mistraloperator.operator.route.EndpointPublisher;
import io.mistraloperator.operator.route.EndpointPublisher.Endpoint;
import io.mistraloperator.operator.route.EndpointService;
import io.mistraloperator.operator.route.Member;
import io.mistraloperator.operator.sweep.Departures;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Conducts one pass over a serverless endpoint: observe, decide, share a pool, publish, tell. */
@ControllerConfiguration(
    name = "serverlessendpoint",
    informer = @Informer(itemStore = TrimmedItemStore.class),
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = 5, timeUnit = TimeUnit.MINUTES))
@GradualRetry(maxAttempts = -1, initialInterval = 1000, intervalMultiplier = 2, maxInterval = 60000)
public class ServerlessEndpointReconciler implements Reconciler<ServerlessEndpoint> {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

  private final OperatorConfig config;
  private final Applier applier;
  private final StatusWriter statusWriter;
  private final EventRecorder events;
  private final EndpointPublisher publisher;
  private final ServerlessLock locks;
  private final Departures departures;
  private final Observer observer;
  private final StatusFactory statusFactory;

  public ServerlessEndpointReconciler(
      OperatorConfig config,
      Applier applier,
      StatusWriter statusWriter,
      EventRecorder events,
      EndpointPublisher publisher,
      ServerlessLock locks,
      Departures departures,
      Clock clock) {
    this.config = config;
    this.applier = applier;
    this.statusWriter = statusWriter;
    this.events = events;
    this.publisher = publisher;
    this.locks = locks;
    this.departures = departures;
    this.observer = new Observer(config.namespace());
    this.statusFactory = new StatusFactory(clock);
  }

  /** The name in the URL. */
  static String endpointName(ServerlessEndpoint endpoint) {
    return Objects.requireNonNullElse(
        endpoint.getSpec().endpointName(), endpoint.getMetadata().getName());
  }

  @Override
  public List<EventSource<?, ServerlessEndpoint>> prepareEventSources(
      EventSourceContext<ServerlessEndpoint> context) {
    return ServerlessEndpointEventSources.all(
        context, config.namespace(), endpoint -> departures.left(endpoint, endpointName(endpoint)));
  }

  @Override
  public UpdateControl<ServerlessEndpoint> reconcile(
      ServerlessEndpoint endpoint, Context<ServerlessEndpoint> context) {
    if (endpoint.isMarkedForDeletion()) {
      return UpdateControl.noUpdate();
    }
    try {
      var facts = carryOut(endpoint, observer.observe(endpoint, context));
      List<Condition> before =
          statusWriter.latest(endpoint).map(ServerlessEndpointStatus::conditions).orElse(List.of());
      var status = statusFactory.status(endpoint, facts, before);
      events.record(endpoint, before, status.conditions());
      statusWriter.write(endpoint, status, ServerlessEndpoint::new);
      UpdateControl<ServerlessEndpoint> control = UpdateControl.noUpdate();
      return facts.conflict().filter(NameTakenException::leftOver).isPresent()
          ? control.rescheduleAfter(LOOK_AGAIN)
          : control;
    } catch (KubernetesClientException e) {
      if (ApiErrors.namespaceTerminating(e)) {
        return UpdateControl.noUpdate();
      }
      throw e;
    }
  }

  private Facts carryOut(ServerlessEndpoint endpoint, Observation observation) {
    var refusal = refusal(observation);
    if (refusal.isPresent()) {
      return new Facts(
          observation.model(),
          refusal,
          Optional.empty(),
          Optional.empty(),
          observation.pool(),
          publisher.asItIs(endpoint, endpointName(endpoint), observation.route()));
    }
    Model model = observation.model().orElseThrow();
    try {
      return share(endpoint, observation, model, model.serverless().orElseThrow());
    } catch (NameTakenException e) {
      return new Facts(
          observation.model(),
          Optional.empty(),
          Optional.empty(),
          Optional.of(e),
          observation.pool(),
          new EndpointOutcome.Waiting());
    }
  }

  /** Rows A1.9 and A1.10: open models are for managed compute, unless the catalogue offers more. */
  private static Optional<Refusal> refusal(Observation observation) {
    if (observation.model().isEmpty()) {
      return Optional.of(new Refusal(Refusal.Reason.UnknownModel, observation.noSuchModel()));
    }
    Model model = observation.model().get();
    return model.serverless().isPresent()
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                Refusal.Reason.ModeNotOffered,
                model.id()
                    + " is offered for managed compute only: make a MistralDeployment instead of a"
                    + " ServerlessEndpoint"));
  }

  private Facts share(
      ServerlessEndpoint endpoint, Observation observation, Model model, ServerlessOffer offer) {
    String name = endpoint.getMetadata().getName();
    applier.apply(
        endpoint,
        EndpointService.of(endpoint, Names.endpointService(name), config),
        observation.service());
    Optional<String> holder = holder(endpoint, observation, model);
    if (holder.isPresent()) {
      return new Facts(
          observation.model(),
          Optional.empty(),
          holder,
          Optional.empty(),
          observation.pool(),
          new EndpointOutcome.Waiting());
    }
    var pool =
        applier.apply(endpoint, Pool.of(model, offer, config.namespace()), observation.pool());
    return new Facts(
        observation.model(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(pool),
        publish(endpoint, observation, model, pool));
  }

  /** The other endpoint that has the model, or is before this one in the queue for it. */
  private Optional<String> holder(
      ServerlessEndpoint endpoint, Observation observation, Model model) {
    if (observation.lock().isEmpty() && observation.older().isPresent()) {
      return observation.older();
    }
    var holder = locks.take(endpoint, ModelNames.normalise(model.id()), observation.lock());
    return holder.uid().equals(endpoint.getMetadata().getUid())
        ? Optional.empty()
        : Optional.of(holder.name());
  }

  /** The gateway must know the engine's dialect, so the pool's plan comes first. */
  private EndpointOutcome publish(
      ServerlessEndpoint endpoint, Observation observation, Model model, MistralDeployment pool) {
    Optional<PlanStatus> plan =
        Optional.ofNullable(pool.getStatus()).map(MistralDeploymentStatus::plan);
    if (plan.isEmpty()) {
      return new EndpointOutcome.Waiting();
    }
    return publisher.publish(
        new Endpoint(
            endpoint,
            endpointName(endpoint),
            model,
            plan.get().contextLength(),
            new Backend(
                plan.get().engine(),
                config.namespace(),
                Names.engine(pool.getMetadata().getName()),
                plan.get().model(),
                plan.get().tokenizerMode()),
            Optional.ofNullable(endpoint.getSpec().requestSettings()),
            Optional.empty(),
            List.of(
                Member.alone(
                    endpoint,
                    endpointName(endpoint),
                    Revisions.of(endpoint.getSpec().keys()),
                    Optional.ofNullable(endpoint.getSpec().auth())))),
        observation.route(),
        observation.keyWitness());
  }
}
