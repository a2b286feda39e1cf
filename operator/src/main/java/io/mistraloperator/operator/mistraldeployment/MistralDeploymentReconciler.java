package io.mistraloperator.operator.mistraldeployment;

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
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralDeploymentStatus;
import io.mistraloperator.operator.catalogue.Model;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.diagnosis.PodProblems;
import io.mistraloperator.operator.diagnosis.Warnings;
import io.mistraloperator.operator.fetch.FetchWatch;
import io.mistraloperator.operator.fetch.Fetches;
import io.mistraloperator.operator.kube.ApiErrors;
import io.mistraloperator.operator.kube.Applier;
import io.mistraloperator.operator.kube.Claims;
import io.mistraloperator.operator.kube.EventRecorder;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.kube.NameTakenException;
import io.mistraloperator.operator.kube.StatusWriter;
import io.mistraloperator.operator.kube.TrimmedItemStore;
import io.mistraloperator.operator.kube.WakeupEventSource;
import io.mistraloperator.operator.mistraldeployment.Decision.Refused;
import io.mistraloperator.operator.mistraldeployment.Decision.Run;
import io.mistraloperator.operator.mistraldeployment.Rollouts.Step;
import io.mistraloperator.operator.quota.QuotaBook;
import io.mistraloperator.operator.quota.QuotaOutcome;
import io.mistraloperator.operator.route.EndpointOutcome;
import io.mistraloperator.operator.route.EndpointPublisher;
import io.mistraloperator.operator.scaling.Autoscaler;
import io.mistraloperator.operator.sweep.Departures;
import io.mistraloperator.operator.usage.Meter;
import io.mistraloperator.operator.usage.Sightings;
import io.mistraloperator.operator.usage.UsageBook;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Conducts one pass over a deployment: observe, decide, publish, run, tell. */
@ControllerConfiguration(
    name = "mistraldeployment",
    informer = @Informer(itemStore = TrimmedItemStore.class),
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = 5, timeUnit = TimeUnit.MINUTES))
@GradualRetry(maxAttempts = -1, initialInterval = 1000, intervalMultiplier = 2, maxInterval = 60000)
public class MistralDeploymentReconciler implements Reconciler<MistralDeployment> {
  /**
   * Events of pods are not watched, nor is how far their weights are: they are asked for while a
   * pod cannot be made or fetches.
   */
  private static final Duration LOOK_AGAIN = Fetches.INTERVAL;

  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private final OperatorConfig config;
  private final Clock clock;
  private final StatusWriter statusWriter;
  private final EventRecorder events;
  private final Exposure exposure;
  private final Warnings warnings;
  private final QuotaBook quotas;
  private final Engines engines;
  private final Departures departures;
  private final Autoscaler autoscaler;
  private final FetchWatch fetches;
  private final UsageBook usage;
  private final DeploymentMeters meters;
  private final Expiry expiry;
  private final Observer observer;
  private final Planning planning;
  private final StatusFactory statusFactory;
  private final Rollouts rollouts;

  public MistralDeploymentReconciler(
      OperatorConfig config,
      Applier applier,
      StatusWriter statusWriter,
      EventRecorder events,
      EndpointPublisher publisher,
      Warnings warnings,
      QuotaBook quotas,
      Departures departures,
      Autoscaler autoscaler,
      Claims claims,
      FetchWatch fetches,
      UsageBook usage,
      DeploymentMeters meters,
      Expiry expiry,
      Clock clock) {
    this.config = config;
    this.clock = clock;
    this.statusWriter = statusWriter;
    this.events = events;
    this.exposure = new Exposure(publisher);
    this.warnings = warnings;
    this.quotas = quotas;
    this.engines = new Engines(config, applier, quotas);
    this.departures = departures;
    this.autoscaler = autoscaler;
    this.fetches = fetches;
    this.usage = usage;
    this.meters = meters;
    this.expiry = expiry;
    this.observer = new Observer(config.namespace());
    this.statusFactory = new StatusFactory(clock, config.billing().currency());
    this.rollouts =
        new Rollouts(clock, Duration.ofSeconds(config.rollout().surgePatienceSeconds()));
    this.planning = Planning.of(config, claims::accessModes);
  }

  @Override
  public List<EventSource<?, MistralDeployment>> prepareEventSources(
      EventSourceContext<MistralDeployment> context) {
    var wakeups = new WakeupEventSource<MistralDeployment>();
    quotas.onChange(wakeups::wake);
    autoscaler.onDecision(wakeups::wake);
    return MistralDeploymentEventSources.all(
        context,
        config.namespace(),
        wakeups,
        usage::left,
        deployment -> {
          departures.left(deployment, Exposure.endpointName(deployment));
          autoscaler.forget(deployment);
          meters.forget(deployment);
        });
  }

  @Override
  public UpdateControl<MistralDeployment> reconcile(
      MistralDeployment deployment, Context<MistralDeployment> context) {
    return deployment.isMarkedForDeletion()
        ? UpdateControl.noUpdate()
        : meters.work(() -> pass(deployment, context));
  }

  private UpdateControl<MistralDeployment> pass(
      MistralDeployment deployment, Context<MistralDeployment> context) {
    try {
      var latest = statusWriter.latest(deployment);
      if (expiry.enforce(deployment, latest)) {
        return UpdateControl.noUpdate();
      }
      var observation =
          observer.observe(
              deployment, context, replicas -> autoscaler.scaling(deployment, latest, replicas));
      var facts = carryOut(deployment, observation);
      var used = use(deployment, observation);
      List<Condition> before = latest.map(MistralDeploymentStatus::conditions).orElse(List.of());
      var status = statusFactory.status(deployment, facts, latest, used);
      autoscaler.follow(deployment, facts.running(deployment.getMetadata().getName()));
      events.record(deployment, before, status.conditions());
      ScaleEvents.between(
              latest.map(MistralDeploymentStatus::autoscaling),
              Optional.ofNullable(status.autoscaling()))
          .ifPresent(scaled -> events.record(deployment, scaled));
      FetchEvents.between(
              latest.map(MistralDeploymentStatus::fetch), Optional.ofNullable(status.fetch()))
          .forEach(told -> events.record(deployment, told));
      Rollouts.between(
              latest.map(MistralDeploymentStatus::rollout), Optional.ofNullable(status.rollout()))
          .ifPresent(
              planned -> {
                events.record(deployment, planned);
                meters.planned(deployment, status.rollout().strategy());
              });
      meters.show(deployment, status, observation.pods());
      statusWriter.write(deployment, status, MistralDeployment::new);
      return again(deployment, facts);
    } catch (KubernetesClientException e) {
      if (ApiErrors.namespaceTerminating(e)) {
        return UpdateControl.noUpdate();
      }
      throw e;
    }
  }

  private Facts carryOut(MistralDeployment deployment, Observation observation) {
    var decision = planning.decide(deployment, observation);
    QuotaOutcome quota = new QuotaOutcome.NotAsked();
    EndpointOutcome endpoint = new EndpointOutcome.Waiting();
    Optional<NameTakenException> conflict = Optional.empty();
    Optional<Step> step = Optional.empty();
    Optional<String> refusal = Optional.empty();
    var seen = observation;
    try {
      switch (decision) {
        case Run run when observation.runs(deployment) -> {
          quota = engines.reserve(deployment, run, observation);
          // The route tells of the engine that will run, which is the old one without quota.
          var sizing = Sizing.of(deployment, observation, run, quota).orElseThrow();
          endpoint = exposure.publish(deployment, observation, run, sizing.plan());
          var next = step(deployment, observation, sizing, quota);
          step = Optional.of(next);
          if (next.told()) {
            seen = engines.run(deployment, observation, sizing, quota, next.plan());
          }
        }
        case Run run -> {
          // The name is claimed before any hardware is.
          endpoint = exposure.publish(deployment, observation, run, run.running());
          if (endpoint instanceof EndpointOutcome.Refused) {
            engines.standBack(deployment, observation);
          } else {
            quota = engines.reserve(deployment, run, observation);
            seen = start(deployment, observation, run, quota);
          }
        }
        case Refused ignored -> {
          engines.standBack(deployment, observation);
          endpoint = exposure.asItIs(deployment, observation);
        }
      }
    } catch (NameTakenException e) {
      quota = new QuotaOutcome.NotAsked();
      conflict = Optional.of(e);
    } catch (KubernetesClientException e) {
      refusal = Optional.of(ApiErrors.refusal(e).orElseThrow(() -> e));
    }
    return new Facts(
        decision,
        quota,
        endpoint,
        conflict,
        seen.deployment(),
        seen.pods(),
        seen.listed(),
        warnings.about(PodProblems.unexplained(seen.pods())),
        seen.scaling(),
        fetches.look(
            seen.pods(), statusWriter.latest(deployment).map(MistralDeploymentStatus::fetch)),
        step,
        refusal,
        clock.instant());
  }

  private Step step(
      MistralDeployment deployment, Observation observation, Sizing sizing, QuotaOutcome quota) {
    return rollouts.step(
        deployment,
        observation,
        sizing,
        quota,
        statusWriter.latest(deployment).map(MistralDeploymentStatus::rollout));
  }

  /** What cannot be made holds no cores while it is tried again. */
  private Observation start(
      MistralDeployment deployment, Observation observation, Run run, QuotaOutcome quota) {
    try {
      return Sizing.of(deployment, observation, run, quota)
          .map(
              sizing ->
                  engines.run(
                      deployment,
                      observation,
                      sizing,
                      quota,
                      step(deployment, observation, sizing, quota).plan()))
          .orElse(observation);
    } catch (NameTakenException | KubernetesClientException e) {
      engines.standBack(deployment, observation);
      throw e;
    }
  }

  private Optional<Meter> use(MistralDeployment deployment, Observation observation) {
    var spec = deployment.getSpec();
    return usage.observe(
        Labels.Owner.of(deployment),
        observation.catalogue().model(spec.model()).map(Model::id).orElse(spec.model()),
        Sightings.of(observation.pods(), observation.catalogue(), spec.instanceType()));
  }

  private UpdateControl<MistralDeployment> again(MistralDeployment deployment, Facts facts) {
    UpdateControl<MistralDeployment> control = UpdateControl.noUpdate();
    if (facts.planned().isPresent()) {
      // It has been by now, and can be done.
      return control.rescheduleAfter(AT_ONCE);
    }
    boolean leftOver = facts.conflict().filter(NameTakenException::leftOver).isPresent();
    boolean refused = facts.refusal().isPresent();
    boolean fetching = Fetches.oldest(facts.pods()).isPresent();
    if (leftOver || refused || fetching || !PodProblems.unexplained(facts.pods()).isEmpty()) {
      return control.rescheduleAfter(LOOK_AGAIN);
    }
    expiry.untilNext(deployment).ifPresent(control::rescheduleAfter);
    return control;
  }
}
