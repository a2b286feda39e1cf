package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.api.ServerlessEndpointStatus.EndpointState;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is said of endpoints that a gateway has not read yet, on a real API server. */
@ExtendWith(ApiServerExtension.class)
class ReadRouteFlowTest {
  private final World world;

  ReadRouteFlowTest(ApiServer server) {
    this.world = new World(server);
  }

  @AfterEach
  void clear() {
    world.clear();
  }

  @Test
  @DisplayName(
      "T-S8 an endpoint is not said to be there, or to have new keys, before gateways know")
  void waitsForGateways() throws IOException {
    try (var gateway = new TestGateway(world, "gateway", "127.0.0.1", 0, new FastClock());
        var _ =
            RunningOperator.start(
                world.server,
                world.platform,
                Map.of("mistral.gateway.management-port", String.valueOf(gateway.port())))) {
      world.serverless(world.project, "first", "Flow-Chat");
      world.reports.serve(world.platform, "pool-flowchat");
      world.until("the pool to serve", () -> online("first"));
      String project = world.server.newNamespace();

      try (var reading = gateway.reads("late")) {
        world.serverless(project, "late", "Flow-Chat");
        reading.awaitAsked();
        assertThat(world.route("late")).isPresent();
        assertThat(world.endpoint(project, "late").getStatus()).isNull();
      }
      world.until("it to be told", () -> online(project, "late"));

      try (var reading = gateway.reads("late")) {
        world.serverless(project, "late", "Flow-Chat", "keys: {primary: 2}");
        reading.awaitAsked();
        assertThat(observed(project)).isLessThan(wanted(project));
      }
      world.until("the new keys to be told", () -> observed(project) == wanted(project));
    }
  }

  private boolean online(String name) {
    return online(world.project, name);
  }

  private boolean online(String project, String name) {
    var status = world.endpoint(project, name).getStatus();
    return status != null && status.endpointState() == EndpointState.Online;
  }

  private long observed(String project) {
    return world.endpoint(project, "late").getStatus().observedGeneration();
  }

  private long wanted(String project) {
    return world.endpoint(project, "late").getMetadata().getGeneration();
  }
}
