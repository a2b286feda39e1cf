package io.mistraloperator.operator.mistraldeployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mistraloperator.api.MistralDeploymentStatus.Instances;
import io.mistraloperator.operator.kube.Labels.Owner;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Numbers of instances for Prometheus. */
class InstanceGaugesTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final InstanceGauges gauges = new InstanceGauges(registry);

  @Test
  @DisplayName("what a deployment is to have and has is told while there is the deployment")
  void followTheDeployment() {
    gauges.show(owner("1"), new Instances(3, 1, 3, "1/3"));
    assertThat(value("desired")).isEqualTo(3);
    assertThat(value("ready")).isEqualTo(1);
    gauges.show(owner("1"), new Instances(3, 2, 3, "2/3"));
    assertThat(value("ready")).isEqualTo(2);
    gauges.forget(owner("1"));
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  @DisplayName("another deployment of the same name goes on where the first has gone")
  void anotherOfTheSameName() {
    gauges.show(owner("1"), new Instances(3, 3, 3, "3/3"));
    gauges.show(owner("2"), new Instances(1, 0, 0, "0/1"));
    gauges.forget(owner("1"));
    assertThat(value("desired")).isEqualTo(1);
    gauges.forget(owner("2"));
    assertThat(registry.getMeters()).isEmpty();
  }

  private double value(String kind) {
    return registry
        .get("mistral.deployment.instances." + kind)
        .tag("project", "team")
        .tag("deployment", "chat")
        .gauge()
        .value();
  }

  private static Owner owner(String uid) {
    return new Owner("MistralDeployment", "team", "chat", uid);
  }
}
