package io.mistraloperator.operator.mistraldeployment;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mistraloperator.api.MistralDeploymentStatus.Instances;
import io.mistraloperator.operator.kube.Labels;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * How many instances each deployment is to have and has: {@code
 * mistral_deployment_instances_desired} and {@code _ready} by project and deployment, as long as
 * there is the deployment.
 */
final class InstanceGauges {
  private final MeterRegistry registry;
  private final Map<Key, Shown> shown = new HashMap<>();

  InstanceGauges(MeterRegistry registry) {
    this.registry = registry;
  }

  private record Key(String project, String name) {
    static Key of(Labels.Owner owner) {
      return new Key(owner.namespace(), owner.name());
    }
  }

  /** What is told of one name; another deployment may have it after this one. */
  private static final class Shown {
    private volatile Labels.Owner owner;
    private volatile double desired;
    private volatile double ready;
    private Gauge ofDesired;
    private Gauge ofReady;
  }

  synchronized void show(Labels.Owner owner, Instances instances) {
    var numbers = shown.computeIfAbsent(Key.of(owner), this::register);
    numbers.owner = owner;
    numbers.desired = Objects.requireNonNullElse(instances.desired(), 0);
    numbers.ready = Objects.requireNonNullElse(instances.ready(), 0);
  }

  synchronized void forget(Labels.Owner owner) {
    var key = Key.of(owner);
    var numbers = shown.get(key);
    if (numbers != null && owner.equals(numbers.owner)) {
      shown.remove(key);
      registry.remove(numbers.ofDesired);
      registry.remove(numbers.ofReady);
    }
  }

  private Shown register(Key key) {
    var numbers = new Shown();
    numbers.ofDesired =
        gauge(
            Gauge.builder("mistral.deployment.instances.desired", numbers, told -> told.desired)
                .description("Instances that the deployment is to have"),
            key);
    numbers.ofReady =
        gauge(
            Gauge.builder("mistral.deployment.instances.ready", numbers, told -> told.ready)
                .description("Instances that answer"),
            key);
    return numbers;
  }

  private Gauge gauge(Gauge.Builder<Shown> builder, Key key) {
    return builder.tags("project", key.project(), "deployment", key.name()).register(registry);
  }
}
