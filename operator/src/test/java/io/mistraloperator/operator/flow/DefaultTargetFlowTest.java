package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.api.Engine;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an instance should have where the project does not say. */
@ExtendWith(ApiServerExtension.class)
class DefaultTargetFlowTest {
  private final World world;
  private final FastClock clock = new FastClock();

  DefaultTargetFlowTest(ApiServer server) {
    this.world = new World(server);
  }

  @ParameterizedTest(
      name = "T-Z6 {0}: as many requests as an instance answers at a time call for a second one")
  @EnumSource
  void isReachedByWhatOneInstanceAnswers(Engine engine) throws IOException {
    try (var gateway = new TestGateway(world, "gateway", "127.0.0.1", 0, clock);
        var _ =
            RunningOperator.start(
                world.server,
                world.platform,
                Map.of("mistral.gateway.management-port", String.valueOf(gateway.port())),
                clock)) {
      world.deploy(
          "reach",
          "engine: " + engine,
          "autoscaling: {minInstances: 1, maxInstances: 2, stableWindowSeconds: 10}");
      world.reports.serve(world.project, "reach");
      world.untilReady("reach");
      var plan = world.deployment("reach").getStatus().plan();
      assertThat(plan.engine()).isEqualTo(engine);
      int looks = gateway.asked();
      world.until("some looks", () -> gateway.asked() > looks + 50);
      assertThat(replicas()).isEqualTo(1);

      gateway.load("reach", plan.concurrency(), 0);
      world.until("a second instance", () -> replicas() == 2);
    } finally {
      world.clear();
    }
  }

  private int replicas() {
    return world.engine(world.project, "reach").orElseThrow().getSpec().getReplicas();
  }
}
