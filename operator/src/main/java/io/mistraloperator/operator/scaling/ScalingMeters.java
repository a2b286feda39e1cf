package io.mistraloperator.operator.scaling;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.mistraloperator.api.AutoscalingStatus.Reason;
import io.mistraloperator.operator.kube.Labels;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Metrics of autoscaled deployments: {@code mistral_autoscaling_decisions_total} by project and
 * reason, {@code mistral_autoscaling_instances_desired} and {@code _ready} by project and
 * deployment, and {@code mistral_cold_start_seconds} by project, from the first request at zero to
 * the first instance that answers.
 */
@Singleton
public class ScalingMeters {
  private final MeterRegistry registry;
  private final MultiGauge desired;
  private final MultiGauge ready;
  private Map<String, Numbers> shown = Map.of();

  /** Instances of one deployment. */
  private record Numbers(String project, String name, int desired, int ready) {
    Tags tags() {
      return Tags.of("project", project, "deployment", name);
    }
  }

  public ScalingMeters(MeterRegistry registry) {
    this.registry = registry;
    this.desired =
        MultiGauge.builder("mistral.autoscaling.instances.desired")
            .description("Instances that the load asks for, within the bounds of the project")
            .register(registry);
    this.ready =
        MultiGauge.builder("mistral.autoscaling.instances.ready")
            .description("Instances that answer")
            .register(registry);
  }

  /** Another number of instances is wanted. */
  void decided(Labels.Owner owner, Reason reason) {
    registry
        .counter(
            "mistral.autoscaling.decisions",
            Tags.of("project", owner.namespace(), "reason", reason.name()))
        .increment();
  }

  /** A deployment that was at zero answers. */
  void coldStart(Labels.Owner owner, Duration took) {
    registry.timer("mistral.cold.start", Tags.of("project", owner.namespace())).record(took);
  }

  /** What is wanted and what answers now. */
  synchronized void show(Map<Labels.Owner, Followed> followed) {
    Map<String, Numbers> numbers = new TreeMap<>();
    followed.forEach(
        (owner, known) ->
            numbers.put(
                owner.namespace() + "/" + owner.name(),
                new Numbers(
                    owner.namespace(),
                    owner.name(),
                    known.told().status().desired(),
                    known.running().map(Running::ready).orElse(0))));
    if (numbers.equals(shown)) {
      return;
    }
    shown = numbers;
    List<Row<?>> desiredRows = new ArrayList<>();
    List<Row<?>> readyRows = new ArrayList<>();
    numbers
        .values()
        .forEach(
            one -> {
              desiredRows.add(Row.of(one.tags(), one.desired()));
              readyRows.add(Row.of(one.tags(), one.ready()));
            });
    desired.register(desiredRows, true);
    ready.register(readyRows, true);
  }
}
