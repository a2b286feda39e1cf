package io.mistraloperator.operator.mistraldeployment;

import io.fabric8.kubernetes.api.model.Pod;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralDeploymentStatus;
import io.mistraloperator.api.ProvisioningState;
import io.mistraloperator.api.RolloutStatus;
import io.mistraloperator.operator.kube.Departed;
import io.mistraloperator.operator.kube.Labels;
import jakarta.inject.Singleton;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Metrics of deployments, by project: {@code mistral_deployments} by state, {@code
 * mistral_rollouts_total} by strategy, and {@code mistral_instance_start_seconds} by phase, from
 * the making of an instance until it answers; those of {@link InstanceGauges}, by deployment; and
 * {@code mistral_reconcile_processor_seconds} of all, the processor time of the thread of a pass.
 */
@Singleton
public class DeploymentMeters {
  private static final Duration[] STARTS =
      IntStream.of(1, 2, 5, 10, 30, 60, 120, 300, 600, 1200, 2400)
          .mapToObj(Duration::ofSeconds)
          .toArray(Duration[]::new);

  private static final Duration[] PASSES =
      IntStream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final MeterRegistry registry;
  private final Timer passes;
  private final MultiGauge deployments;
  private final Departed departed;
  private final InstanceGauges instances;
  private final Instant begin;
  private final Map<Labels.Owner, ProvisioningState> states = new HashMap<>();

  /** Pods by owner that have been counted. */
  private final Map<Labels.Owner, Set<String>> started = new HashMap<>();

  public DeploymentMeters(MeterRegistry registry, Departed departed, Clock clock) {
    this.registry = registry;
    this.departed = departed;
    this.begin = clock.instant();
    this.passes =
        Timer.builder("mistral.reconcile.processor")
            .description("Processor time of the thread of a pass over a deployment")
            .serviceLevelObjectives(PASSES)
            .register(registry);
    this.instances = new InstanceGauges(registry);
    this.deployments =
        MultiGauge.builder("mistral.deployments")
            .description("Deployments by their provisioning state")
            .register(registry);
  }

  /** Makes a pass, and counts what its thread works; waiting for answers is no work. */
  <T> T work(Supplier<T> pass) {
    long before = threads.getCurrentThreadCpuTime();
    try {
      return pass.get();
    } finally {
      passes.record(threads.getCurrentThreadCpuTime() - before, TimeUnit.NANOSECONDS);
    }
  }

  /** A deployment as it is now. */
  synchronized void show(
      MistralDeployment deployment, MistralDeploymentStatus status, List<Pod> pods) {
    if (departed.contains(deployment)) {
      return;
    }
    var owner = Labels.Owner.of(deployment);
    instances.show(owner, status.instances());
    if (status.provisioningState() != states.put(owner, status.provisioningState())) {
      publish();
    }
    Set<String> present = new HashSet<>();
    Set<String> counted = started.getOrDefault(owner, Set.of());
    for (Pod pod : pods) {
      StartPhase.of(pod)
          .ifPresent(
              times -> {
                String uid = pod.getMetadata().getUid();
                present.add(uid);
                // Those that answered before were counted by another process.
                if (!counted.contains(uid) && !times.ready().isBefore(begin)) {
                  times.took().forEach((phase, took) -> record(owner, phase, took));
                }
              });
    }
    started.put(owner, present);
  }

  /** A rollout is planned. */
  void planned(MistralDeployment deployment, RolloutStatus.Strategy strategy) {
    registry
        .counter(
            "mistral.rollouts",
            Tags.of(
                "project", deployment.getMetadata().getNamespace(), "strategy", strategy.name()))
        .increment();
  }

  /** A deployment is gone. */
  synchronized void forget(MistralDeployment gone) {
    var owner = Labels.Owner.of(gone);
    started.remove(owner);
    instances.forget(owner);
    if (states.remove(owner) != null) {
      publish();
    }
  }

  private void record(Labels.Owner owner, StartPhase phase, Duration took) {
    Timer.builder("mistral.instance.start")
        .description("Time of an instance until it answers, by phase")
        .serviceLevelObjectives(STARTS)
        .tags("project", owner.namespace(), "phase", phase.name().toLowerCase(Locale.ROOT))
        .register(registry)
        .record(took);
  }

  private void publish() {
    Map<Tags, Integer> numbers = new HashMap<>();
    states.forEach(
        (owner, state) ->
            numbers.merge(
                Tags.of("project", owner.namespace(), "state", state.name()), 1, Integer::sum));
    deployments.register(
        numbers.entrySet().stream()
            .<Row<?>>map(entry -> Row.of(entry.getKey(), entry.getValue()))
            .toList(),
        true);
  }
}
