package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.mistraloperator.api.InferenceQuota;
import io.mistraloperator.api.InferenceQuotaStatus;
import io.mistraloperator.api.ProvisioningState;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Objects that the API server does not let in. */
@ExtendWith(ApiServerExtension.class)
class RefusedObjectFlowTest {
  private static final String DEPLOYMENTS = "count/deployments.apps";

  private final World world;

  RefusedObjectFlowTest(ApiServer server) {
    this.world = new World(server);
  }

  @AfterEach
  void clear() {
    world.clear();
  }

  /** A quota whose counting has been done. */
  private ResourceQuota noDeployments() {
    ResourceQuota quota =
        world
            .client
            .resource(
                new ResourceQuotaBuilder()
                    .withNewMetadata()
                    .withName("objects")
                    .withNamespace(world.project)
                    .endMetadata()
                    .withNewSpec()
                    .withHard(Map.of(DEPLOYMENTS, new Quantity("0")))
                    .endSpec()
                    .build())
            .create();
    return world
        .client
        .resource(quota)
        .editStatus(
            now ->
                new ResourceQuotaBuilder(now)
                    .withNewStatus()
                    .withHard(Map.of(DEPLOYMENTS, new Quantity("0")))
                    .withUsed(Map.of(DEPLOYMENTS, new Quantity("0")))
                    .endStatus()
                    .build());
  }

  @Test
  @DisplayName(
      "T-Q3 an engine that the API server does not let in is told in its words, and goes on by itself")
  void tellsAndGoesOn() {
    ResourceQuota quota = noDeployments();
    try (var _ = world.operator()) {
      world.deploy("barred");
      world.eventually(
          () -> {
            var deployment = world.deployment("barred");
            for (String type : new String[] {"Ready", "Stalled"}) {
              assertThat(world.condition(deployment, type).getReason()).isEqualTo("ObjectRefused");
              assertThat(world.condition(deployment, type).getMessage())
                  .contains("barred-engine", "exceeded quota: objects", DEPLOYMENTS + "=0");
            }
            assertThat(deployment.getStatus().provisioningState())
                .isEqualTo(ProvisioningState.Failed);
          });
      world.eventually(
          () ->
              assertThat(
                      world
                          .quota(world.project)
                          .map(InferenceQuota::getStatus)
                          .map(InferenceQuotaStatus::reservations)
                          .orElse(List.of()))
                  .as("cores that nothing runs on")
                  .isEmpty());
      world.client.resource(quota).delete();
      world.reports.serve(world.project, "barred");
      world.untilReady("barred");
    }
  }
}
