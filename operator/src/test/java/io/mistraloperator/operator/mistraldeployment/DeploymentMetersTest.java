package io.mistraloperator.operator.mistraldeployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralDeploymentStatus;
import io.mistraloperator.api.MistralDeploymentStatus.Instances;
import io.mistraloperator.api.ProvisioningState;
import io.mistraloperator.operator.kube.Departed;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DeploymentMetersTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Departed departed = new Departed();
  private final DeploymentMeters meters =
      new DeploymentMeters(registry, departed, Clock.systemUTC());

  @Test
  @DisplayName("A pass that ends after its deployment went does not bring it back into the metrics")
  void whatIsGoneStaysGone() {
    show("goes");
    show("stays");
    assertThat(shown()).isEqualTo(2);
    departed.add("goes");
    meters.forget(deployment("goes"));
    show("goes");
    show("stays");
    assertThat(shown()).isEqualTo(1);
    assertThat(registry.get("mistral.deployment.instances.ready").gauges())
        .singleElement()
        .satisfies(gauge -> assertThat(gauge.getId().getTag("deployment")).isEqualTo("stays"));
  }

  private void show(String name) {
    meters.show(deployment(name), status(), List.of());
  }

  private double shown() {
    return registry.get("mistral.deployments").tag("state", "Succeeded").gauge().value();
  }

  private static MistralDeploymentStatus status() {
    return new MistralDeploymentStatus(
        1L,
        List.of(),
        ProvisioningState.Succeeded,
        null,
        new Instances(2, 1, 1, "1/2"),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private static MistralDeployment deployment(String name) {
    var deployment = new MistralDeployment();
    deployment.setMetadata(
        new ObjectMetaBuilder().withName(name).withNamespace("team").withUid(name).build());
    return deployment;
  }
}
