package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.api.InstanceType;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many deployments; {@code make bench-operator} measures what more of them cost. */
@ExtendWith(ApiServerExtension.class)
class FleetFlowTest {
  private static final int SIZE = 40;
  private static final int AT_ONCE = 10;

  private final World world;
  private final Controllers controllers;

  FleetFlowTest(ApiServer server) {
    this.world = new World(server);
    this.controllers = new Controllers(world);
  }

  @Test
  @DisplayName(
      "T-T5 a pass over 40 deployments at rest calls nobody, and who takes over from a dead leader changes no object")
  void leavesManyDeploymentsAlone() {
    var death = Death.later();
    try (var leader = RunningOperator.start(world.server, world.platform, death)) {
      for (int first = 0; first < SIZE; first += AT_ONCE) {
        IntStream.range(first, first + AT_ONCE).forEach(number -> world.deploy("fleet-" + number));
        untilQuiet(leader);
      }
      IntStream.range(0, SIZE).forEach(number -> world.untilReady("fleet-" + number));

      var atRest = versions();
      int calls = leader.calls().made().size();
      double passes = leader.passes();
      wakeAll();
      world.until("a pass over all", () -> leader.passes() >= passes + SIZE);
      untilQuiet(leader);
      assertThat(leader.calls().made()).as("calls").hasSize(calls);
      assertThat(versions()).isEqualTo(atRest);

      death.comesAfter(0);
      world.client.leases().inNamespace(world.platform).delete();
      try (var next = world.operator()) {
        world.until("a pass over all", () -> next.passes() >= SIZE);
        untilQuiet(next);
        assertThat(versions()).isEqualTo(atRest);
      }
    }
    world.clear();
  }

  /** A change in the catalogue that changes nothing for anybody. */
  private void wakeAll() {
    world
        .client
        .resources(InstanceType.class)
        .withName("flow-cpu")
        .edit(
            type -> {
              type.getMetadata().setAnnotations(Map.of("looked", "at"));
              return type;
            });
  }

  private void untilQuiet(RunningOperator operator) {
    var quiet = new Quiet(operator);
    world.until(
        "quiet",
        () -> {
          controllers.act();
          return quiet.isThere();
        });
  }

  private Map<String, String> versions() {
    Map<String, String> versions = new TreeMap<>(world.versions(world.project));
    versions.putAll(world.versions(world.platform));
    return versions;
  }
}
