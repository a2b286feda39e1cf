package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * How reserved cores move, come back and stay, on a real API server. An instance of {@code
 * flow-cpu} has 2 cores of family {@code flow}, so that one needs 4.
 */
@ExtendWith(ApiServerExtension.class)
class QuotaReleaseFlowTest {
  private static final String FLOW = "flow";

  private final World world;
  private final Quotas quotas;

  QuotaReleaseFlowTest(ApiServer server) {
    this.world = new World(server);
    this.quotas = new Quotas(world);
    server.kubectl().output("apply", "-f", "src/test/resources/flow/quota.yaml");
  }

  @AfterEach
  void clear() {
    world.clear();
  }

  @Test
  @DisplayName(
      "T-Q7 cores come back when instances go, and with the deployment though nobody watches")
  void givesCoresBack() {
    world.limit(world.project, Map.of(FLOW, 100));
    try (var _ = world.operator()) {
      world.deploy("sleeps", "instances: 2");
      world.deploy("goes");
      quotas.used("flow 10/100");
      quotas.scale("sleeps", 1);
      quotas.used("flow 8/100");
      quotas.scale("sleeps", 0);
      quotas.used("flow 4/100");
      quotas.satisfied("sleeps", "0 cores");
      assertThat(quotas.replicas("sleeps")).isZero();
    }
    world.client.resource(world.deployment("goes")).delete();
    world.client.leases().inNamespace(world.platform).delete();
    try (var _ = world.operator()) {
      quotas.used("flow 0/100");
    }
  }

  @Test
  @DisplayName(
      "T-Q7 another machine type moves the cores; without quota for it the old one serves on")
  void movesToAnotherMachine() {
    world.limit(world.project, Map.of(FLOW, 4, "flow-other", 5));
    try (var _ = world.operator()) {
      world.deploy("moves");
      world.reports.serve(world.project, "moves");
      world.untilReady("moves");
      var before = world.engine(world.project, "moves").orElseThrow().getSpec();
      world.deploy("moves", "instanceType: flow-other");
      quotas.outOfQuota("moves", "needs 6 cores of family flow-other", "uses 0 of its 5");
      assertThat(world.engine(world.project, "moves").orElseThrow().getSpec()).isEqualTo(before);
      assertThat(world.condition(world.deployment("moves"), "Ready").getStatus()).isEqualTo("True");
      quotas.used("flow 4/4, flow-other 0/5");

      world.limit(world.project, Map.of(FLOW, 4, "flow-other", 6));
      quotas.satisfied("moves", "6 cores of family flow-other");
      world.until("the new version", () -> quotas.generation("moves") == 2);
      world.reports.serve(world.project, "moves");
      quotas.used("flow 0/4, flow-other 6/6");
      assertThat(world.engine(world.project, "moves").orElseThrow().getSpec()).isNotEqualTo(before);
    }
  }

  @Test
  @DisplayName("T-Q7 what cannot be made holds nothing")
  void holdsNothingForWhatCannotBeMade() {
    world.limit(world.project, Map.of(FLOW, 100));
    try (var _ = world.operator()) {
      world
          .server
          .kubectl()
          .output("create", "deployment", "-n", world.project, "stuck-engine", "--image=x");
      world.deploy("stuck");
      world.eventually(
          () ->
              assertThat(world.condition(world.deployment("stuck"), "Stalled").getReason())
                  .isEqualTo("NameTaken"));
      quotas.used("flow 0/100");
      world.deploy("refused", "contextLength: 1000000");
      world.eventually(
          () ->
              assertThat(world.condition(world.deployment("refused"), "QuotaSatisfied"))
                  .returns("Unknown", condition -> condition.getStatus())
                  .returns("NotAsked", condition -> condition.getReason()));
      quotas.used("flow 0/100");
    }
  }

  @Test
  void aLoweredLimitStopsNothing() {
    world.limit(world.project, Map.of(FLOW, 8));
    try (var _ = world.operator()) {
      world.deploy("lowered", "instances: 2");
      quotas.satisfied("lowered", "6 cores");
      world.deploy("lowered-next");
      world.limit(world.project, Map.of(FLOW, 2));
      world.until(
          "the ledger to tell it",
          () ->
              world.quota(world.project).orElseThrow().getStatus().conditions().stream()
                  .anyMatch(
                      condition ->
                          condition.getReason().equals("OverLimit")
                              && condition.getMessage().contains("flow 6/2")));
      world.deploy("lowered", "instances: 2", "contextLength: 4096");
      world.until("the change", () -> quotas.generation("lowered") == 2);
      assertThat(quotas.replicas("lowered")).isEqualTo(2);
      quotas.outOfQuota("lowered-next", "uses 6 of its 2, 0 left");
    }
  }

  @Test
  @DisplayName("A quota that was deleted is opened anew with what runs, before anybody else starts")
  void opensALostLedgerAnew() {
    world.limit(world.project, Map.of(FLOW, 4));
    try (var _ = world.operator()) {
      world.deploy("lost");
      quotas.satisfied("lost", "4 cores");
      world.deploy("lost-next");
      quotas.outOfQuota("lost-next", "0 left");
      world.client.resource(world.quota(world.project).orElseThrow()).delete();
      quotas.used("flow 8/256");
      quotas.satisfied("lost-next", "4 cores");
      world.client.resource(world.deployment("lost")).delete();
      world.client.resource(world.deployment("lost-next")).delete();
      world.until(
          "an empty ledger of the operator's own to go",
          () -> world.quota(world.project).isEmpty());
    }
  }
}
