package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mistraloperator.api.AutoscalingStatus;
import io.mistraloperator.api.AutoscalingStatus.Reason;
import io.mistraloperator.api.ProvisioningState;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import io.mistraloperator.operator.kube.Labels;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Load decides how many instances run, on a real API server with gateways that tell of it. */
@ExtendWith(ApiServerExtension.class)
class ScalingFlowTest {
  private static final String AUTOMATIC =
      "autoscaling: {minInstances: 0, maxInstances: 3, targetInFlight: 10, scaleToZeroAfterSeconds: 60, stableWindowSeconds: 10, scaleDownDelaySeconds: 20}";

  private final World world;
  private final FastClock clock = new FastClock();
  private TestGateway one;
  private TestGateway other;

  ScalingFlowTest(ApiServer server) {
    this.world = new World(server);
  }

  @BeforeEach
  void openGateways() throws IOException {
    one = new TestGateway(world, "gateway-one", "127.0.0.1", 0, clock);
    other = new TestGateway(world, "gateway-other", "127.0.0.2", one.port(), clock);
  }

  @AfterEach
  void closeGateways() {
    one.close();
    other.close();
    world.clear();
  }

  @Test
  @DisplayName("T-Z1 T-Z2 to zero when nobody asks, ready all the while, and back with one request")
  void goesToZeroAndComesBack() {
    try (var _ = operator()) {
      world.deploy("sleepy", AUTOMATIC);
      serving("sleepy", 1);
      untilDesired("sleepy", 0, Reason.Idle);
      world.until("no replica", () -> replicas("sleepy") == 0);
      world.reports.serve(world.project, "sleepy");
      world.eventually(
          () -> {
            assertThat(condition("sleepy", "Active")).isEqualTo("False ScaledToZero");
            assertThat(condition("sleepy", "Ready")).isEqualTo("True ScaledToZero");
            var status = world.deployment("sleepy").getStatus();
            assertThat(status.provisioningState()).isEqualTo(ProvisioningState.Succeeded);
            assertThat(status.instances().summary()).isEqualTo("0/0");
          });
      assertThat(world.used(world.project)).doesNotContain("flow 2/");
      assertThat(world.served("sleepy").hold().maxRequests()).isEqualTo(200);

      other.load("sleepy", 0, 5);
      untilDesired("sleepy", 1, Reason.Wake);
      world.until("a replica", () -> replicas("sleepy") == 1);
      world.eventually(() -> assertThat(condition("sleepy", "Ready")).isEqualTo("True Waking"));
      world.reports.serve(world.project, "sleepy");
      world.eventually(() -> assertThat(condition("sleepy", "Active")).isEqualTo("True Serving"));
      assertThat(events("sleepy"))
          .filteredOn(event -> event.startsWith("Scaled"))
          .hasSize(2)
          .anyMatch(event -> event.startsWith("ScaledDown from 1 to 0 instances (Idle)"))
          .anyMatch(event -> event.startsWith("ScaledUp from 0 to 1 instances (Wake)"));
    }
  }

  @Test
  @DisplayName("T-Z4 a restart while busy takes nothing away, one while idle goes on to zero")
  void survivesRestarts() {
    one.load("steady", 15, 0);
    other.load("steady", 10, 0);
    try (var _ = operator()) {
      world.deploy("steady", AUTOMATIC);
      // However many there are by then: the load is there from the beginning.
      world.reports.serve(world.project, "steady");
      world.untilReady("steady");
      untilDesired("steady", 3);
      world.until("three replicas", () -> replicas("steady") == 3);
      world.reports.serve(world.project, "steady");
      world.until("a told load", () -> status("steady").load() >= 20);
    }
    try (var _ = operator()) {
      passes(100);
      assertThat(replicas("steady")).isEqualTo(3);
      one.restart();
      other.load("steady", 0, 0);
      world.until("it is idle", () -> status("steady").idleSince() != null);
    }
    try (var _ = operator()) {
      untilDesired("steady", 0, Reason.Idle);
    }
  }

  @Test
  @DisplayName("T-Z5 bounds hold with the next pass, and another change at zero wakes nobody")
  void keepsToNewBounds() {
    try (var operator = operator()) {
      world.deploy("bound", AUTOMATIC);
      serving("bound", 1);
      untilDesired("bound", 0);
      world.reports.serve(world.project, "bound");
      world.deploy("bound", AUTOMATIC, "contextLength: 4096");
      world.until(
          "the new plan",
          () -> world.deployment("bound").getStatus().plan().contextLength() == 4096);
      passes(50);
      assertThat(replicas("bound")).isZero();

      world.deploy("bound", AUTOMATIC.replace("minInstances: 0", "minInstances: 2"));
      world.until("two replicas", () -> replicas("bound") == 2);
      untilDesired("bound", 2, Reason.Minimum);
      world.eventually(() -> assertThat(world.served("bound").hold()).isNull());
      assertThat(operator.meters().get("mistral.autoscaling.decisions").counters()).isNotEmpty();
    }
  }

  @Test
  @DisplayName("T-Z8 while a gateway is broken none goes, more may come, and a condition tells it")
  void missingDataTakesNothingAway() {
    try (var _ = operator()) {
      world.deploy("blind", AUTOMATIC);
      serving("blind", 1);
      other.breaks("<html>");
      world.eventually(
          () -> {
            assertThat(condition("blind", "LoadObserved")).isEqualTo("False GatewaysSilent");
            assertThat(world.condition(world.deployment("blind"), "LoadObserved").getMessage())
                .contains("gateway-other: its answer is not a report of load");
          });
      passes(200);
      assertThat(replicas("blind")).isEqualTo(1);
      one.load("blind", 15, 0);
      untilDesired("blind", 2);
      one.load("blind", 0, 0);
      other.breaks("");
      world.eventually(
          () -> assertThat(condition("blind", "LoadObserved")).isEqualTo("True GatewaysAnswer"));
      world.until("two replicas", () -> replicas("blind") == 2);
      world.reports.serve(world.project, "blind");
      untilDesired("blind", 0);
    }
  }

  @Test
  @DisplayName(
      "T-Q5 T-Q7 load gets as many as quota has cores for, a condition says so, and zero gives all back")
  void staysWithinQuota() {
    world.limit(world.project, Map.of("flow", 6));
    try (var operator = operator()) {
      world.deploy("hungry", AUTOMATIC);
      serving("hungry", 1);
      one.load("hungry", 30, 0);
      untilDesired("hungry", 3);
      world.eventually(
          () -> {
            assertThat(replicas("hungry")).isEqualTo(2);
            assertThat(world.used(world.project)).isEqualTo("flow 6/6");
            assertThat(condition("hungry", "ScalingLimited")).isEqualTo("True OutOfQuota");
            assertThat(condition("hungry", "Stalled")).isEqualTo("False AsWanted");
          });
      assertThat(operator.meters().get("mistral.quota.denied").counter().count()).isPositive();
      assertThat(events("hungry")).anyMatch(event -> event.startsWith("OutOfQuota"));

      world.limit(world.project, Map.of("flow", 8));
      world.until("three replicas", () -> replicas("hungry") == 3);
      world.reports.serve(world.project, "hungry");
      one.load("hungry", 80, 0);
      world.eventually(
          () -> assertThat(condition("hungry", "ScalingLimited")).isEqualTo("True MaxInstances"));
      one.load("hungry", 0, 0);
      // Of two steps in a row the second is given back once the first has been seen.
      try (var _ = new Controllers(world).acting()) {
        untilDesired("hungry", 0);
        world.eventually(() -> assertThat(world.used(world.project)).isEqualTo("flow 0/8"));
      }
    }
  }

  @Test
  @DisplayName("T-Z7 who scales through /scale owns instances: the operator never writes a spec")
  void leavesInstancesToOthers() {
    try (var _ = operator()) {
      world.deploy("owned");
      serving("owned", 1);
      scale("owned", 3);
      world.until("three replicas", () -> replicas("owned") == 3);
      world.reports.serve(world.project, "owned");
      scale("owned", 0);
      world.until("no replica", () -> replicas("owned") == 0);
      var deployment = world.deployment("owned");
      assertThat(deployment.getSpec().instances()).isZero();
      assertThat(deployment.getMetadata().getManagedFields())
          .filteredOn(entry -> entry.getManager().equals(Labels.OPERATOR))
          .isNotEmpty()
          .allMatch(
              entry ->
                  "status".equals(entry.getSubresource())
                      && !entry.getFieldsV1().getAdditionalProperties().containsKey("f:spec"));
      assertThat(one.asked()).as("without autoscaling nobody is asked").isZero();

      world.deploy("owned", AUTOMATIC, "instances: 1");
      world.until("the load decides", () -> replicas("owned") == 1);
      world.eventually(
          () ->
              assertThatThrownBy(() -> scale("owned", 3))
                  .isInstanceOf(KubernetesClientException.class)
                  .hasMessageContaining("spec.instances and spec.autoscaling exclude each other"));
      world.deploy("owned", "instances: 2");
      world.until("the spec decides again", () -> replicas("owned") == 2);
      world.reports.serve(world.project, "owned");
      world.eventually(
          () -> {
            assertThat(world.deployment("owned").getStatus().autoscaling()).isNull();
            assertThat(condition("owned", "Active")).startsWith("Unknown");
          });
    }
  }

  @Test
  @DisplayName("T-S8 T-T5 with steady load nothing is written, and only gateways are asked")
  void isSilentUnderSteadyLoad() {
    one.load("calm", 5, 0);
    try (var operator = operator()) {
      world.deploy("calm", AUTOMATIC);
      serving("calm", 1);
      world.until("a told load", () -> status("calm").load() == 5);
      passes(100);
      var before = world.versions(world.project);
      int calls = operator.calls().made().size();
      passes(200);
      assertThat(world.versions(world.project)).isEqualTo(before);
      assertThat(operator.calls().made().subList(calls, operator.calls().made().size()))
          .as("calls to the API server")
          .noneMatch(call -> call.resource().equals("/pods"))
          .noneMatch(Calls.Call::isWrite);
    }
  }

  private RunningOperator operator() {
    return RunningOperator.start(
        world.server,
        world.platform,
        Map.of("mistral.gateway.management-port", String.valueOf(one.port())),
        clock);
  }

  private void scale(String name, int instances) {
    var deployments =
        world
            .client
            .resources(io.mistraloperator.api.MistralDeployment.class)
            .inNamespace(world.project)
            .withName(name);
    var scale = deployments.scale();
    scale.getSpec().setReplicas(instances);
    deployments.scale(scale);
  }

  private void serving(String name, int instances) {
    world.until("engines of " + name, () -> world.engine(world.project, name).isPresent());
    world.until(instances + " replicas of " + name, () -> replicas(name) == instances);
    world.reports.serve(world.project, name);
    world.untilReady(name);
  }

  /** Looks at the load, so many of them. */
  private void passes(int looks) {
    int target = one.asked() + looks;
    world.until(looks + " looks", () -> one.asked() >= target);
  }

  private void untilDesired(String name, int instances) {
    world.until(
        instances + " instances of " + name + " are desired",
        () -> status(name) != null && status(name).desired() == instances);
  }

  private void untilDesired(String name, int instances, Reason reason) {
    untilDesired(name, instances);
    assertThat(status(name).reason()).isEqualTo(reason);
  }

  private AutoscalingStatus status(String name) {
    return world.deployment(name).getStatus().autoscaling();
  }

  private int replicas(String name) {
    return world.engine(world.project, name).orElseThrow().getSpec().getReplicas();
  }

  private String condition(String name, String type) {
    var condition = world.condition(world.deployment(name), type);
    return condition.getStatus() + " " + condition.getReason();
  }

  private List<String> events(String name) {
    return world.client.v1().events().inNamespace(world.project).list().getItems().stream()
        .filter(event -> event.getInvolvedObject().getName().equals(name))
        .map(event -> event.getReason() + " " + event.getMessage())
        .toList();
  }
}
