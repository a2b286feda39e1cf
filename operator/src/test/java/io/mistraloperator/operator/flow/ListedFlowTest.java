package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ready means that gateways see an instance, on a real API server. */
@ExtendWith(ApiServerExtension.class)
class ListedFlowTest {
  private final World world;

  ListedFlowTest(ApiServer server) {
    this.world = new World(server);
  }

  @Test
  @DisplayName("T-S7 an instance that is ready counts once its Service lists it, and no sooner")
  void readyOnceListed() {
    try (var _ = world.operator()) {
      world.deploy("late");
      world.until("the engine", () -> world.engine(world.project, "late").isPresent());
      var engine = world.engine(world.project, "late").orElseThrow();
      world.reports.reportUnlisted(engine, ServedEngine.status(engine));
      world.eventually(
          () -> {
            var ready = world.condition(world.deployment("late"), "Ready");
            assertThat(ready.getStatus()).isEqualTo("False");
            assertThat(ready.getReason()).isEqualTo("Starting");
            assertThat(ready.getMessage())
                .isEqualTo(
                    "an instance is ready, and gateways do not see it yet: no EndpointSlice lists it for Service late-engine");
          });
      assertThat(world.deployment("late").getStatus().instances().summary()).isEqualTo("0/1");

      world.reports.list(engine, 1);

      world.untilReady("late");
      assertThat(world.deployment("late").getStatus().instances().summary()).isEqualTo("1/1");
    }
  }
}
