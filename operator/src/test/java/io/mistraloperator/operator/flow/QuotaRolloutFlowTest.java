package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.api.InferenceQuotaStatus.Reservation;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Cores of old machines while a rollout to other ones is under way, on a real API server. One
 * instance of {@code flow-cpu} needs 4 cores of family {@code flow}, of {@code flow-large} 12, of
 * {@code flow-other} 6 of its own family.
 */
@ExtendWith(ApiServerExtension.class)
class QuotaRolloutFlowTest {
  private static final String FLOW = "flow";
  private static final String OTHER = "flow-other";
  private static final String TO_OTHER = "instanceType: " + OTHER;

  private final World world;
  private final Quotas quotas;

  QuotaRolloutFlowTest(ApiServer server) {
    this.world = new World(server);
    this.quotas = new Quotas(world);
    server.kubectl().output("apply", "-f", "src/test/resources/flow/quota.yaml");
  }

  @AfterEach
  void clear() {
    world.clear();
  }

  @Test
  @DisplayName("T-Q7 old machines keep their cores until their last instance is gone")
  void keepsBothUntilTheRolloutIsComplete() {
    world.limit(world.project, Map.of(FLOW, 4, OTHER, 6));
    try (var _ = world.operator()) {
      serve("moves");
      world.deploy("waits");
      quotas.outOfQuota("waits", "needs 4 cores of family flow");
      halfWay("moves", TO_OTHER);
      quotas.used("flow 4/4, flow-other 6/6");
      quotas.outOfQuota("waits", "0 left");
      assertThat(held("moves")).isEqualTo("flow 4, flow-other 6");
      assertThat(world.engine(world.project, "waits")).isEmpty();

      world.reports.serve(world.project, "moves");
      quotas.satisfied("waits", "4 cores");
      assertThat(held("waits")).isEqualTo("flow 4");
      world.eventually(() -> assertThat(held("moves")).isEqualTo("flow-other 6"));
      world.until("it starts", () -> world.engine(world.project, "waits").isPresent());
    }
  }

  @Test
  @DisplayName("D2.19 T-Q7 a new version that fails on other machines can be taken back")
  void goesBackToItsOldMachines() {
    world.limit(world.project, Map.of(FLOW, 4, OTHER, 6));
    try (var _ = world.operator()) {
      serve("moves");
      var old = world.engine(world.project, "moves").orElseThrow().getSpec().getTemplate();
      world.deploy("waits");
      halfWay("moves", TO_OTHER);
      world.deploy("moves");
      world.until("the old version", () -> quotas.generation("moves") == 3);
      assertThat(world.engine(world.project, "moves").orElseThrow().getSpec().getTemplate())
          .isEqualTo(old);
      quotas.used("flow 4/4, flow-other 6/6");
      world.reports.serve(world.project, "moves");
      quotas.used("flow 4/4, flow-other 0/6");
      assertThat(held("moves")).isEqualTo("flow 4");
      quotas.outOfQuota("waits", "0 left");
    }
  }

  @Test
  @DisplayName("T-Q7 a smaller size of the same family frees cores when the larger one is gone")
  void keepsTheLargerSize() {
    world.limit(world.project, Map.of(FLOW, 12));
    try (var _ = world.operator()) {
      serve("shrinks", "instanceType: flow-large");
      world.deploy("waits");
      quotas.outOfQuota("waits", "uses 12 of its 12");
      halfWay("shrinks");
      quotas.used("flow 12/12");
      world.reports.serve(world.project, "shrinks");
      quotas.used("flow 8/12");
      quotas.satisfied("waits", "4 cores");
    }
  }

  @Test
  @DisplayName("T-Q7 old machines are given back though what is wanted next is refused")
  void givesBackBesideARefusal() {
    world.limit(world.project, Map.of(FLOW, 4, OTHER, 6));
    try (var _ = world.operator()) {
      serve("moves");
      halfWay("moves", TO_OTHER);
      world.deploy("moves", TO_OTHER, "contextLength: 1000000");
      world.eventually(
          () ->
              assertThat(world.condition(world.deployment("moves"), "QuotaSatisfied").getReason())
                  .isEqualTo("NotAsked"));
      quotas.used("flow 4/4, flow-other 6/6");
      world.reports.serve(world.project, "moves");
      quotas.used("flow 0/4, flow-other 6/6");
    }
  }

  @Test
  @DisplayName("T-Q7 old machines are given back though more instances wait for cores")
  void givesBackWhileItWaitsForMore() {
    world.limit(world.project, Map.of(FLOW, 4, OTHER, 6));
    try (var _ = world.operator()) {
      serve("moves");
      halfWay("moves", TO_OTHER);
      world.deploy("moves", TO_OTHER, "instances: 4");
      quotas.outOfQuota("moves", "needs 15 cores of family flow-other");
      quotas.used("flow 4/4, flow-other 6/6");
      world.reports.serve(world.project, "moves");
      quotas.used("flow 0/4, flow-other 6/6");
      quotas.outOfQuota("moves", "needs 15 cores of family flow-other");
    }
  }

  private void serve(String name, String... spec) {
    world.deploy(name, spec);
    world.reports.serve(world.project, name);
    world.untilReady(name);
  }

  /** A change whose new instance is there and not ready, as the operator has seen. */
  private void halfWay(String name, String... spec) {
    long before = quotas.generation(name);
    world.deploy(name, spec);
    world.until("the new version", () -> quotas.generation(name) > before);
    var engine = world.engine(world.project, name).orElseThrow();
    world.reports.report(engine, HalfRolledOut.of(engine));
    world.until(
        "the operator has seen it",
        () -> {
          var status = world.deployment(name).getStatus();
          return status.replicas() == 2 && status.instances().updated() == 1;
        });
  }

  private String held(String name) {
    return String.join(
        ", ",
        world.quota(world.project).orElseThrow().getStatus().reservations().stream()
            .filter(entry -> entry.name().equals(name))
            .map(QuotaRolloutFlowTest::text)
            .toList());
  }

  private static String text(Reservation entry) {
    return entry.family() + " " + entry.cores();
  }
}
