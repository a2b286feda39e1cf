package io.mistraloperator.operator.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import io.mistraloperator.operator.config.Leadership;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.kube.Departed;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ApiServerExtension.class)
class AutoscalerDepartureTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Departed departed = new Departed();
  private final Autoscaler autoscaler;

  AutoscalerDepartureTest(ApiServer server) {
    var config =
        new SmallRyeConfigBuilder()
            .withMapping(OperatorConfig.class)
            .withDefaultValue("mistral.namespace", server.newNamespace())
            .build()
            .getConfigMapping(OperatorConfig.class);
    this.autoscaler =
        new Autoscaler(
            new LoadPoller(new GatewayPods(server.client(), config), config),
            new ScalingMeters(registry),
            new Leadership(config),
            departed,
            Clock.systemUTC());
  }

  @Test
  @DisplayName("The load of a deployment that is gone is not followed, though a pass is under way")
  void doesNotFollowWhatIsGone() {
    assertThat(instances()).isEqualTo(2);
    assertThat(followed()).isTrue();
    departed.add("uid");
    autoscaler.forget(deployment());
    assertThat(followed()).isFalse();
    assertThat(instances()).isEqualTo(2);
    assertThat(followed()).isFalse();
  }

  private int instances() {
    return autoscaler.scaling(deployment(), Optional.empty(), Optional.empty()).instances();
  }

  private boolean followed() {
    autoscaler.tick();
    return registry.find("mistral.autoscaling.instances.desired").gauge() != null;
  }

  private static MistralDeployment deployment() {
    var deployment =
        Serialization.unmarshal(
            """
            apiVersion: mistraloperator.io/v1alpha1
            kind: MistralDeployment
            spec: {model: M, instanceType: type, autoscaling: {minInstances: 2, maxInstances: 4}}
            """,
            MistralDeployment.class);
    deployment.setMetadata(
        new ObjectMetaBuilder().withName("chat").withNamespace("team").withUid("uid").build());
    return deployment;
  }
}
