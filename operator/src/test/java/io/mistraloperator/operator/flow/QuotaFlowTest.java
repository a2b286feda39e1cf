package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.mistraloperator.api.ProvisioningState;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Who may run when, on a real API server. An instance of {@code flow-cpu} has 2 cores of family
 * {@code flow}, so that one needs 4.
 */
@ExtendWith(ApiServerExtension.class)
class QuotaFlowTest {
  private static final String FLOW = "flow";

  private final World world;
  private final Quotas quotas;

  QuotaFlowTest(ApiServer server) {
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
      "T-Q1 T-Q2 A2.4 D2.21 nothing is made without quota, with the numbers told once; raised, it starts")
  void waitsForTheQuotaToBeRaised() {
    world.limit(world.project, Map.of(FLOW, 4));
    try (var _ = world.operator()) {
      world.deploy("big", "instances: 3");
      quotas.outOfQuota(
          "big",
          "needs 8 cores of family flow",
          "ceil(1.2 x 3) = 4 of 2 cores",
          "Project " + world.project + " uses 0 of its 4, 4 left: short of 4",
          "at least 8 for flow in InferenceQuota default");
      var status = world.deployment("big").getStatus();
      assertThat(world.condition(world.deployment("big"), "Ready").getStatus()).isEqualTo("False");
      assertThat(world.condition(world.deployment("big"), "Progressing").getReason())
          .isEqualTo("OutOfQuota");
      assertThat(status.provisioningState()).isEqualTo(ProvisioningState.Failed);
      assertThat(world.engine(world.project, "big")).isEmpty();
      assertThat(world.route("big")).as("the name is claimed meanwhile").isPresent();

      world.limit(world.project, Map.of(FLOW, 6));
      quotas.outOfQuota("big", "uses 0 of its 6, 6 left: short of 2");
      assertThat(quotas.warnings("big")).containsExactly("OutOfQuota");

      world.limit(world.project, Map.of(FLOW, 8));
      world.until("three instances", () -> quotas.replicas("big") == 3);
      quotas.satisfied("big", "8 cores of family flow are reserved: 3 instances count as");
      assertThat(
              world
                  .server
                  .kubectl()
                  .output("get", "-n", world.project, "iquota", "default", "--no-headers"))
          .matches("default\\s+flow 8/8\\s+0\\s+\\S+");
      assertThat(quotas.warnings("big")).containsExactly("OutOfQuota");
    }
  }

  @Test
  @DisplayName("T-Q2 T-Q7 deleting one starts the one that has waited longest")
  void startsWhenAnotherIsDeleted() {
    world.limit(world.project, Map.of(FLOW, 4));
    try (var _ = world.operator()) {
      world.deploy("first");
      quotas.satisfied("first", "4 cores");
      world.deploy("second");
      quotas.outOfQuota("second", "uses 4 of its 4, 0 left: short of 4", "at least 8");
      world.deploy("third");
      quotas.outOfQuota("third", "0 left");
      world.client.resource(world.deployment("first")).delete();
      quotas.satisfied("second", "4 cores");
      assertThat(quotas.replicas("second")).isEqualTo(1);
      assertThat(world.engine(world.project, "third")).isEmpty();
      assertThat(world.used(world.project)).isEqualTo("flow 4/4");
    }
  }

  @Test
  @DisplayName("T-Q5 A2.11 a scale-up that does not fit leaves the old size serving and says so")
  void scalesWithinItsQuota() {
    world.limit(world.project, Map.of(FLOW, 6));
    try (var operator = world.operator()) {
      world.deploy("grows");
      world.reports.serve(world.project, "grows");
      world.untilReady("grows");
      quotas.scale("grows", 3);
      quotas.outOfQuota(
          "grows", "needs 8 cores of family flow and has 4", "short of 2", "at least 8");
      assertThat(quotas.replicas("grows")).isEqualTo(1);
      var deployment = world.deployment("grows");
      assertThat(world.condition(deployment, "Ready").getStatus()).isEqualTo("True");
      assertThat(world.condition(deployment, "Stalled").getReason()).isEqualTo("OutOfQuota");
      assertThat(deployment.getStatus().instances().summary()).isEqualTo("1/3");
      assertThat(
              operator.meters().get("mistral.quota.denied").tag("family", FLOW).counter().count())
          .isEqualTo(1);
      assertThat(gauge(operator, "mistral.quota.cores.used")).isEqualTo(4);
      assertThat(gauge(operator, "mistral.quota.cores.limit")).isEqualTo(6);

      world.deploy("grows", "contextLength: 4096", "instances: 3");
      world.until("the other change at the old size", () -> quotas.generation("grows") == 2);
      assertThat(quotas.replicas("grows")).isEqualTo(1);

      quotas.scale("grows", 2);
      quotas.satisfied("grows", "6 cores");
      assertThat(quotas.replicas("grows")).isEqualTo(2);
      assertThat(quotas.warnings("grows")).containsExactly("OutOfQuota");
    }
  }

  @Test
  @DisplayName(
      "T-Q8 A2.1 a serverless endpoint uses the platform's capacity, never the project's quota")
  void poolsAreThePlatforms() {
    world.limit(world.project, Map.of(FLOW, 0));
    try (var _ = world.operator()) {
      world.serverless(world.project, "ask", "Flow-Chat");
      world.reports.serve(world.platform, "pool-flowchat");
      world.until(
          "the endpoint",
          () ->
              world
                  .condition(world.endpoint(world.project, "ask"), "Ready")
                  .getStatus()
                  .equals("True"));
      var pool = world.deployment(world.platform, "pool-flowchat");
      assertThat(world.condition(pool, "QuotaSatisfied").getReason()).isEqualTo("PlatformCapacity");
      quotas.used("flow 0/0");
      assertThat(world.quota(world.platform)).isEmpty();
      world.client.resource(world.endpoint(world.project, "ask")).delete();
      world.until("no pool", () -> world.deployment(world.platform, "pool-flowchat") == null);

      world.limit(world.platform, Map.of(FLOW, 1));
      world.eventually(() -> assertThat(world.used(world.platform)).isEqualTo("flow 0/1"));
      world.client.apps().deployments().inNamespace(world.platform).delete();
      world.serverless(world.project, "ask-again", "Flow-Chat");
      world.eventually(
          () -> {
            var ready = world.condition(world.endpoint(world.project, "ask-again"), "Ready");
            assertThat(ready.getReason()).isEqualTo("PlatformCapacity");
            assertThat(ready.getMessage()).contains("needs 4 cores of family flow");
          });
      quotas.used("flow 0/0");
      world.client.resource(world.endpoint(world.project, "ask-again")).delete();
    }
  }

  @Test
  @DisplayName(
      "T-Q10 D2.23 without any object the defaults hold, and labels and edits get around nothing")
  void defaultsAreEnforced() {
    try (var _ = world.operator()) {
      world.deploy("gpu", "model: Flow-Gpu-Chat", "instanceType: flow-gpu");
      quotas.outOfQuota(
          "gpu", "needs 12 cores of family flow-gpu", "uses 0 of its 0", "at least 12");
      world
          .server
          .kubectl()
          .output(
              "label",
              "-n",
              world.project,
              "mdep",
              "gpu",
              "app.kubernetes.io/managed-by=mistral-operator");
      world.deploy("tries");
      world.reports.serve(world.project, "tries");
      world.untilReady("tries");
      quotas.used("flow 4/256, flow-gpu 0/0");
      assertThat(world.engine(world.project, "gpu")).isEmpty();

      world.limit(world.project, Map.of(FLOW, 4));
      quotas.scale("tries", 50);
      quotas.outOfQuota("tries", "and has 4", "4 of its 4");
      world
          .client
          .apps()
          .deployments()
          .inNamespace(world.project)
          .withName("tries-engine")
          .edit(
              engine -> {
                engine.getSpec().setReplicas(50);
                engine.getMetadata().getAnnotations().remove("mistraloperator.io/spec-hash");
                return engine;
              });
      world.until("the size that is reserved", () -> quotas.replicas("tries") == 1);
    }
  }

  @Test
  @DisplayName(
      "T-Q3 what a native ResourceQuota refuses stands in the status in its words, and goes")
  void tellsOfNativeQuotas() {
    String refusal =
        "pods \"x\" is forbidden: exceeded quota: gpus, requested: requests.nvidia.com/gpu=1";
    try (var _ = world.operator()) {
      world.deploy("native");
      world.until("the engine", () -> world.engine(world.project, "native").isPresent());
      var engine = world.engine(world.project, "native").orElseThrow();
      world.reports.report(
          engine,
          new DeploymentStatusBuilder()
              .withObservedGeneration(engine.getMetadata().getGeneration())
              .addNewCondition()
              .withType("ReplicaFailure")
              .withStatus("True")
              .withReason("FailedCreate")
              .withMessage(refusal)
              .endCondition()
              .build());
      world.eventually(
          () -> {
            for (String type : List.of("Ready", "Stalled")) {
              var condition = world.condition(world.deployment("native"), type);
              assertThat(condition.getReason()).isEqualTo("PodsRefused");
              assertThat(condition.getMessage()).contains(refusal);
            }
            assertThat(world.condition(world.deployment("native"), "QuotaSatisfied").getStatus())
                .isEqualTo("True");
          });
      world.reports.serve(world.project, "native");
      world.untilReady("native");
    }
  }

  private double gauge(RunningOperator operator, String name) {
    return operator
        .meters()
        .get(name)
        .tag("project", world.project)
        .tag("family", FLOW)
        .gauge()
        .value();
  }
}
