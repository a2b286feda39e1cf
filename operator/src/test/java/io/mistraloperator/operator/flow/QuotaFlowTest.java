package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.mistraloperator.api.MistralDeployment;
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

  QuotaFlowTest(ApiServer server) {
    this.world = new World(server);
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
      outOfQuota(
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
      outOfQuota("big", "uses 0 of its 6, 6 left: short of 2");
      assertThat(warnings("big")).containsExactly("OutOfQuota");

      world.limit(world.project, Map.of(FLOW, 8));
      world.until("three instances", () -> replicas("big") == 3);
      satisfied("big", "8 cores of family flow are reserved: 3 instances count as");
      assertThat(
              world
                  .server
                  .kubectl()
                  .output("get", "-n", world.project, "iquota", "default", "--no-headers"))
          .matches("default\\s+flow 8/8\\s+0\\s+\\S+");
      assertThat(warnings("big")).containsExactly("OutOfQuota");
    }
  }

  @Test
  @DisplayName("T-Q2 T-Q7 deleting one starts the one that has waited longest")
  void startsWhenAnotherIsDeleted() {
    world.limit(world.project, Map.of(FLOW, 4));
    try (var _ = world.operator()) {
      world.deploy("first");
      satisfied("first", "4 cores");
      world.deploy("second");
      outOfQuota("second", "uses 4 of its 4, 0 left: short of 4", "at least 8");
      world.deploy("third");
      outOfQuota("third", "0 left");
      world.client.resource(world.deployment("first")).delete();
      satisfied("second", "4 cores");
      assertThat(replicas("second")).isEqualTo(1);
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
      world.serve(world.project, "grows");
      world.untilReady("grows");
      scale("grows", 3);
      outOfQuota("grows", "needs 8 cores of family flow and has 4", "short of 2", "at least 8");
      assertThat(replicas("grows")).isEqualTo(1);
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
      world.until("the other change at the old size", () -> generation("grows") == 2);
      assertThat(replicas("grows")).isEqualTo(1);

      scale("grows", 2);
      satisfied("grows", "6 cores");
      assertThat(replicas("grows")).isEqualTo(2);
      assertThat(warnings("grows")).containsExactly("OutOfQuota");
    }
  }

  @Test
  @DisplayName(
      "T-Q7 cores come back when instances go, and with the deployment though nobody watches")
  void givesCoresBack() {
    world.limit(world.project, Map.of(FLOW, 100));
    try (var _ = world.operator()) {
      world.deploy("sleeps", "instances: 2");
      world.deploy("goes");
      used("flow 10/100");
      scale("sleeps", 1);
      used("flow 8/100");
      scale("sleeps", 0);
      used("flow 4/100");
      satisfied("sleeps", "0 cores");
      assertThat(replicas("sleeps")).isZero();
    }
    world.client.resource(world.deployment("goes")).delete();
    world.client.leases().inNamespace(world.platform).delete();
    try (var _ = world.operator()) {
      used("flow 0/100");
    }
  }

  @Test
  @DisplayName(
      "T-Q7 another machine type moves the cores; without quota for it the old one serves on")
  void movesToAnotherMachine() {
    world.limit(world.project, Map.of(FLOW, 4, "flow-other", 5));
    try (var _ = world.operator()) {
      world.deploy("moves");
      world.serve(world.project, "moves");
      world.untilReady("moves");
      var before = world.engine(world.project, "moves").orElseThrow().getSpec();
      world.deploy("moves", "instanceType: flow-other");
      outOfQuota("moves", "needs 6 cores of family flow-other", "uses 0 of its 5");
      assertThat(world.engine(world.project, "moves").orElseThrow().getSpec()).isEqualTo(before);
      assertThat(world.condition(world.deployment("moves"), "Ready").getStatus()).isEqualTo("True");
      used("flow 4/4, flow-other 0/5");

      world.limit(world.project, Map.of(FLOW, 4, "flow-other", 6));
      satisfied("moves", "6 cores of family flow-other");
      used("flow 0/4, flow-other 6/6");
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
      used("flow 0/100");
      world.deploy("refused", "contextLength: 1000000");
      world.eventually(
          () ->
              assertThat(world.condition(world.deployment("refused"), "QuotaSatisfied"))
                  .returns("Unknown", condition -> condition.getStatus())
                  .returns("NotAsked", condition -> condition.getReason()));
      used("flow 0/100");
    }
  }

  @Test
  @DisplayName(
      "T-Q8 A2.1 a serverless endpoint uses the platform's capacity, never the project's quota")
  void poolsAreThePlatforms() {
    world.limit(world.project, Map.of(FLOW, 0));
    try (var _ = world.operator()) {
      world.serverless(world.project, "ask", "Flow-Chat");
      world.serve(world.platform, "pool-flowchat");
      world.until(
          "the endpoint",
          () ->
              world
                  .condition(world.endpoint(world.project, "ask"), "Ready")
                  .getStatus()
                  .equals("True"));
      var pool = world.deployment(world.platform, "pool-flowchat");
      assertThat(world.condition(pool, "QuotaSatisfied").getReason()).isEqualTo("PlatformCapacity");
      used("flow 0/0");
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
      used("flow 0/0");
      world.client.resource(world.endpoint(world.project, "ask-again")).delete();
    }
  }

  @Test
  @DisplayName(
      "T-Q10 D2.23 without any object the defaults hold, and labels and edits get around nothing")
  void defaultsAreEnforced() {
    try (var _ = world.operator()) {
      world.deploy("gpu", "model: Flow-Gpu-Chat", "instanceType: flow-gpu");
      outOfQuota("gpu", "needs 12 cores of family flow-gpu", "uses 0 of its 0", "at least 12");
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
      world.serve(world.project, "tries");
      world.untilReady("tries");
      used("flow 4/256, flow-gpu 0/0");
      assertThat(world.engine(world.project, "gpu")).isEmpty();

      world.limit(world.project, Map.of(FLOW, 4));
      scale("tries", 50);
      outOfQuota("tries", "and has 4", "4 of its 4");
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
      world.until("the size that is reserved", () -> replicas("tries") == 1);
    }
  }

  @Test
  void aLoweredLimitStopsNothing() {
    world.limit(world.project, Map.of(FLOW, 8));
    try (var _ = world.operator()) {
      world.deploy("lowered", "instances: 2");
      satisfied("lowered", "6 cores");
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
      world.until("the change", () -> generation("lowered") == 2);
      assertThat(replicas("lowered")).isEqualTo(2);
      outOfQuota("lowered-next", "uses 6 of its 2, 0 left");
    }
  }

  @Test
  @DisplayName("A quota that was deleted is opened anew with what runs, before anybody else starts")
  void opensALostLedgerAnew() {
    world.limit(world.project, Map.of(FLOW, 4));
    try (var _ = world.operator()) {
      world.deploy("lost");
      satisfied("lost", "4 cores");
      world.deploy("lost-next");
      outOfQuota("lost-next", "0 left");
      world.client.resource(world.quota(world.project).orElseThrow()).delete();
      used("flow 8/256");
      satisfied("lost-next", "4 cores");
      world.client.resource(world.deployment("lost")).delete();
      world.client.resource(world.deployment("lost-next")).delete();
      world.until(
          "an empty ledger of the operator's own to go",
          () -> world.quota(world.project).isEmpty());
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
      world.report(
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
      world.serve(world.project, "native");
      world.untilReady("native");
    }
  }

  private void scale(String name, int instances) {
    world
        .server
        .kubectl()
        .output(
            "scale", "-n", world.project, "mistraldeployment/" + name, "--replicas=" + instances);
  }

  private void outOfQuota(String name, String... words) {
    world.eventually(
        () -> {
          MistralDeployment deployment = world.deployment(name);
          for (String type : List.of("QuotaSatisfied", "Stalled")) {
            var condition = world.condition(deployment, type);
            assertThat(condition.getReason()).as(type).isEqualTo("OutOfQuota");
            assertThat(condition.getMessage()).contains(words);
          }
          assertThat(world.condition(deployment, "QuotaSatisfied").getStatus()).isEqualTo("False");
        });
  }

  private void satisfied(String name, String words) {
    world.eventually(
        () -> {
          var condition = world.condition(world.deployment(name), "QuotaSatisfied");
          assertThat(condition.getStatus()).as(condition.getMessage()).isEqualTo("True");
          assertThat(condition.getMessage()).contains(words);
        });
  }

  private void used(String summary) {
    world.eventually(() -> assertThat(world.used(world.project)).isEqualTo(summary));
  }

  private int replicas(String name) {
    return world
        .engine(world.project, name)
        .map(engine -> engine.getSpec().getReplicas())
        .orElse(-1);
  }

  private long generation(String name) {
    return world.engine(world.project, name).orElseThrow().getMetadata().getGeneration();
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

  private List<String> warnings(String name) {
    return world.client.v1().events().inNamespace(world.project).list().getItems().stream()
        .filter(event -> event.getInvolvedObject().getName().equals(name))
        .filter(event -> event.getType().equals("Warning"))
        .map(Event::getReason)
        .toList();
  }
}
