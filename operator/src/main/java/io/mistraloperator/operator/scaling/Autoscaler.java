package io.mistraloperator.operator.scaling;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mistraloperator.api.Autoscaling;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralDeploymentStatus;
import io.mistraloperator.api.PlanStatus;
import io.mistraloperator.operator.config.Leadership;
import io.mistraloperator.operator.kube.Conditions;
import io.mistraloperator.operator.kube.Departed;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.scaling.Scaling.Observed;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;

/**
 * Follows the load of all deployments with {@code spec.autoscaling} and calls for a pass over one
 * when something has been decided; the pass then asks here for the number. Asks nobody while there
 * is no such deployment.
 */
@Singleton
public class Autoscaler {
  /** Type of the condition that tells whether the load is known. */
  public static final String LOAD_OBSERVED = "LoadObserved";

  private static final Logger LOG = Logger.getLogger(Autoscaler.class);

  private final LoadPoller poller;
  private final ScalingMeters meters;
  private final Leadership leadership;
  private final Departed departed;
  private final Clock clock;
  private final Gateways gateways = new Gateways();
  private final Map<Labels.Owner, Followed> followed = new ConcurrentHashMap<>();
  private volatile BiConsumer<String, String> wake = (namespace, name) -> {};

  public Autoscaler(
      LoadPoller poller,
      ScalingMeters meters,
      Leadership leadership,
      Departed departed,
      Clock clock) {
    this.poller = poller;
    this.meters = meters;
    this.leadership = leadership;
    this.departed = departed;
    this.clock = clock;
  }

  /** Tells who is to be called, by namespace and name, when something has been decided. */
  public void onDecision(BiConsumer<String, String> listener) {
    wake = listener;
  }

  /**
   * How many instances a deployment should have now.
   *
   * @param latest its newest status, from which a process that has just started goes on
   * @param replicas those of its engine, which may be ahead of the status; absent without one
   */
  public Scaling scaling(
      MistralDeployment deployment,
      Optional<MistralDeploymentStatus> latest,
      Optional<Integer> replicas) {
    var spec = deployment.getSpec().autoscaling();
    if (spec == null) {
      forget(deployment);
      return Scaling.fixed(Objects.requireNonNullElse(deployment.getSpec().instances(), 1));
    }
    var now = clock.instant();
    var owner = Labels.Owner.of(deployment);
    var known =
        followed.computeIfAbsent(
            owner,
            ignored ->
                new Followed(
                    spec,
                    latest
                        .map(MistralDeploymentStatus::plan)
                        .map(PlanStatus::concurrency)
                        .orElse(1),
                    latest.map(MistralDeploymentStatus::autoscaling),
                    replicas,
                    latest.map(Autoscaler::observed).orElseGet(Observed.NotYet::new),
                    now,
                    reason -> meters.decided(owner, reason)));
    if (departed.contains(deployment)) {
      forget(deployment);
    }
    var automatic = known.keepTo(spec, now);
    return new Scaling(automatic.status().desired(), Optional.of(automatic));
  }

  /** What the last operator said of the gateways. */
  private static Observed observed(MistralDeploymentStatus status) {
    return Conditions.find(
            Objects.requireNonNullElse(status.conditions(), List.of()), LOAD_OBSERVED)
        .<Observed>map(
            condition ->
                switch (condition.getStatus()) {
                  case "True" -> new Observed.Current();
                  case "False" -> new Observed.Stale(condition.getMessage());
                  default -> new Observed.NotYet();
                })
        .orElseGet(Observed.NotYet::new);
  }

  /** Time zones of its schedules that are not known here; their hours count in UTC. */
  public static List<String> unknownZones(MistralDeployment deployment) {
    return Optional.ofNullable(deployment.getSpec().autoscaling())
        .map(Autoscaling::schedules)
        .map(Schedules::unknownZones)
        .orElse(List.of());
  }

  /** Takes in what runs of a deployment; without it its load decides nothing. */
  public void follow(MistralDeployment deployment, Optional<Running> running) {
    var owner = Labels.Owner.of(deployment);
    var known = followed.get(owner);
    if (known == null) {
      return;
    }
    running.ifPresentOrElse(
        seen -> known.run(seen, clock.instant()).ifPresent(took -> meters.coldStart(owner, took)),
        known::rest);
  }

  /** A deployment is gone, or is told its number. */
  public void forget(MistralDeployment deployment) {
    followed.remove(Labels.Owner.of(deployment));
  }

  /** Looks at the load and decides. */
  @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  public void tick() {
    boolean anything = followed.values().stream().anyMatch(known -> known.running().isPresent());
    if (!leadership.isLeading() || !anything) {
      poller.rest();
    } else {
      look();
    }
    meters.show(followed);
  }

  private void look() {
    try {
      gateways.hear(poller.ask(), clock.instant());
    } catch (KubernetesClientException e) {
      LOG.warnf("The gateways cannot be found, so that no load decides: %s", e.getMessage());
      return;
    }
    followed.forEach(this::decide);
  }

  /** What is wrong with one deployment stops no other. */
  private void decide(Labels.Owner owner, Followed known) {
    try {
      if (known.decide(gateways, clock.instant())) {
        wake.accept(owner.namespace(), owner.name());
      }
    } catch (RuntimeException e) {
      LOG.errorf(e, "The load of %s/%s decides nothing", owner.namespace(), owner.name());
    }
  }
}
