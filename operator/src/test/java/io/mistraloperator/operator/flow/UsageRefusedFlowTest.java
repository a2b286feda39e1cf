package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What goes on while the API server takes no ledger of use. */
@ExtendWith(ApiServerExtension.class)
class UsageRefusedFlowTest {
  private final World world;

  UsageRefusedFlowTest(ApiServer server) {
    this.world = new World(server);
  }

  @AfterEach
  void clear() {
    world.clear();
  }

  /** Refuses writes of ConfigMaps in the platform's namespace. */
  private final class Refusal implements Interceptor {
    private volatile boolean inForce = true;

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
      boolean ledger =
          Calls.parse(request).stream()
              .anyMatch(
                  call ->
                      call.isWrite()
                          && call.resource().endsWith("/configmaps")
                          && call.namespace().equals(world.platform));
      if (inForce && ledger) {
        throw new KubernetesClientException("the ledger is too large", 422, null);
      }
    }
  }

  @Test
  @DisplayName("T-B1 a ledger that cannot be written holds up no status, and is written later")
  void passesGoOn() {
    var refusal = new Refusal();
    try (var _ = RunningOperator.start(world.server, world.platform, refusal)) {
      world.deploy("chat");
      world.until("the engine", () -> world.engine(world.project, "chat").isPresent());
      var engine = world.engine(world.project, "chat").orElseThrow();
      world.reports.pod(
          engine,
          "chat-1",
          """
          phase: Running
          conditions: [{type: PodScheduled, status: 'True', lastTransitionTime: '%s'}]
          """
              .formatted(Instant.now().minusSeconds(3600).truncatedTo(ChronoUnit.SECONDS)));
      world.reports.serve(world.project, "chat");
      world.untilReady("chat");
      assertThat(world.deployment("chat").getStatus().usage()).isNull();

      refusal.inForce = false;
      world.deploy("chat", "instances: 2");
      world.eventually(
          () ->
              assertThat(world.deployment("chat").getStatus().usage())
                  .extracting(usage -> usage.instanceHours())
                  .isNotNull());
    }
  }
}
