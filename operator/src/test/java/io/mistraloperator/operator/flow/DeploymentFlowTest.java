package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mistraloperator.api.EndpointAuth;
import io.mistraloperator.api.InstanceType;
import io.mistraloperator.api.ProvisioningState;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import io.mistraloperator.operator.kube.OwnerReferences;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Life of a MistralDeployment on a real API server. */
@ExtendWith(ApiServerExtension.class)
class DeploymentFlowTest {
  private final World world;

  DeploymentFlowTest(ApiServer server) {
    this.world = new World(server);
  }

  @Test
  @DisplayName("T-S8 the generation is observed only after it was acted on")
  void becomesReadyWhenAnInstanceAnswers() {
    try (var operator = world.operator()) {
      var deployment =
          world.deploy(
              "chat",
              "auth: {mode: OIDC, oidc: {issuer: 'https://id.example.com', audiences: [chat]}}");
      world.reports.serve(world.project, "chat");
      world.untilReady("chat");
      var status = world.deployment("chat").getStatus();
      assertThat(status.observedGeneration()).isEqualTo(1);
      assertThat(status.provisioningState()).isEqualTo(ProvisioningState.Succeeded);
      assertThat(status.endpoint().url()).isEqualTo("https://chat.local.inference.localhost");
      assertThat(status.instances().summary()).isEqualTo("1/1");
      assertThat(status.plan().memory()).contains("KV cache");
      var owner = world.deployment("chat");
      assertThat(
              List.<HasMetadata>of(
                  world.engine(world.project, "chat").orElseThrow(),
                  world.keys(world.project, "chat").orElseThrow(),
                  world.client.services().inNamespace(world.project).withName("chat").get(),
                  world.client.services().inNamespace(world.project).withName("chat-engine").get(),
                  world
                      .client
                      .network()
                      .v1()
                      .networkPolicies()
                      .inNamespace(world.project)
                      .withName("chat-engine")
                      .get()))
          .allMatch(child -> OwnerReferences.owns(owner, child));
      var route = world.route("chat").orElseThrow();
      assertThat(route.getSpec().owner().uid()).isEqualTo(deployment.getMetadata().getUid());
      assertThat(route.getSpec().auth().mode()).isEqualTo(EndpointAuth.Mode.OIDC);
      assertThat(route.getSpec().auth().oidc().audiences()).containsExactly("chat");
      assertThat(operator.calls().made())
          .as("calls about Secrets")
          .filteredOn(call -> call.resource().equals("/secrets"))
          .isNotEmpty()
          .noneMatch(call -> List.of("list", "watch").contains(call.verb()));
    }
  }

  @Test
  @DisplayName("T-S8 T-T5 at rest nothing is written, and nothing is asked")
  void isSilentAtRest() {
    try (var operator = world.operator()) {
      world.deploy("still");
      world.reports.serve(world.project, "still");
      world.untilReady("still");
      var before = world.versions(world.project);
      quiet(operator);
      assertThat(world.versions(world.project)).isEqualTo(before);
    }
  }

  @Test
  void restartOfTheOperatorWritesNothing() {
    world.deploy("restart");
    try (var first = world.operator()) {
      world.reports.serve(world.project, "restart");
      world.untilReady("restart");
      quiet(first);
    }
    var before = world.versions(world.project);
    var platform = world.versions(world.platform);
    try (var second = world.operator()) {
      world.until("a pass", () -> second.passes() > 0);
      quiet(second);
      assertThat(second.calls().made())
          .filteredOn(Calls.Call::isWrite)
          .as("besides the framework's question for its rights")
          .allMatch(call -> call.resource().endsWith("/selfsubjectrulesreviews"));
    }
    assertThat(world.versions(world.project)).isEqualTo(before);
    assertThat(world.versions(world.platform)).isEqualTo(platform);
  }

  @Test
  @DisplayName(
      "T-U5 another operator with other images leaves running pods alone until the spec changes")
  void upgradeRestartsNoPod() {
    world.deploy("steady");
    try (var _ = world.operator()) {
      world.reports.serve(world.project, "steady");
      world.untilReady("steady");
    }
    var before = world.engine(world.project, "steady").orElseThrow();
    try (var _ =
        RunningOperator.start(
            world.server, world.platform, Map.of("mistral.images.llamacpp", "llamacpp:next"))) {
      world.deploy("steady", "instances: 2");
      world.until(
          "two instances",
          () -> world.engine(world.project, "steady").orElseThrow().getSpec().getReplicas() == 2);
      assertThat(world.engine(world.project, "steady").orElseThrow().getSpec().getTemplate())
          .isEqualTo(before.getSpec().getTemplate());
      world.deploy("steady", "instances: 2", "contextLength: 4096");
      world.until("the new image", () -> image("steady").equals("llamacpp:next"));
    }
  }

  @Test
  void scalesAndKeepsABudgetWhileThereIsMoreThanOne() {
    try (var _ = world.operator()) {
      world.deploy("scaled", "instances: 2");
      world.until("a budget", () -> budget("scaled"));
      world
          .server
          .kubectl()
          .output("scale", "-n", world.project, "mistraldeployment/scaled", "--replicas=1");
      world.until("no budget", () -> !budget("scaled"));
      world.until(
          "one instance",
          () -> world.engine(world.project, "scaled").orElseThrow().getSpec().getReplicas() == 1);
      assertThat(world.deployment("scaled").getSpec().instances()).isEqualTo(1);
    }
  }

  @Test
  void takesTheEndpointBackAndGivesItAgain() {
    try (var _ = world.operator()) {
      world.deploy("hidden");
      world.until("a route", () -> world.route("hidden").isPresent());
      world.deploy("hidden", "expose: false");
      world.until("no route", () -> world.route("hidden").isEmpty());
      world.until(
          "no Service",
          () ->
              world.client.services().inNamespace(world.project).withName("hidden").get() == null);
      world.reports.serve(world.project, "hidden");
      world.untilReady("hidden");
      assertThat(world.deployment("hidden").getStatus().endpoint()).isNull();
    }
  }

  @Test
  void undoesWhatOthersDoToItsObjects() {
    try (var _ = world.operator()) {
      world.deploy("drift");
      world.reports.serve(world.project, "drift");
      world.untilReady("drift");
      world
          .client
          .apps()
          .deployments()
          .inNamespace(world.project)
          .withName("drift-engine")
          .edit(
              engine -> {
                engine.getSpec().setReplicas(7);
                engine.getSpec().getTemplate().getSpec().getContainers().getFirst().setImage("x:1");
                return engine;
              });
      world.until(
          "the wanted form",
          () ->
              world.engine(world.project, "drift").orElseThrow().getSpec().getReplicas() == 1
                  && !image("drift").equals("x:1"));
      world.client.services().inNamespace(world.project).withName("drift-engine").delete();
      world.until(
          "the Service",
          () ->
              world.client.services().inNamespace(world.project).withName("drift-engine").get()
                  != null);
    }
  }

  @Test
  @DisplayName(
      "A1.10 what cannot run is refused with the reason, and accepted when the catalogue can")
  void refusesWithTheReason() {
    try (var _ = world.operator()) {
      world
          .server
          .kubectl()
          .output("apply", "-n", world.project, "-f", "src/test/resources/flow/refused.yaml");
      refused("huge", "DoesNotFit", "Q4_K_M weights 100.0 GiB", "KV cache", "4.0 GiB");
      refused("misspelt", "UnknownModel", "Flow-Chatt", "the nearest are Flow-Chat");
      refused("typeless", "UnknownInstanceType", "flow-new", "flow-cpu");
      refused("premium", "ModeNotOffered", "ServerlessEndpoint", "or deploy Flow-Chat, whose");
      refused("holed", "EngineArgsNotAllowed", "spec.engineArgs[1] --slot-save-path", "files");
      refused("precise", "PrecisionNotOffered", "spec.precision is Q8_0", "in Q4_K_M");
      assertThat(world.engine(world.project, "holed")).isEmpty();
      assertThat(world.engine(world.project, "huge")).isEmpty();
      world.server.kubectl().output("apply", "-f", "src/test/resources/flow/new-type.yaml");
      world.reports.serve(world.project, "typeless");
      world.untilReady("typeless");
      world.client.resources(InstanceType.class).withName("flow-new").delete();
    }
  }

  private void refused(String name, String reason, String... words) {
    world.eventually(
        () -> {
          var deployment = world.deployment(name);
          for (String type : List.of("PlanAccepted", "Ready", "Stalled")) {
            var condition = world.condition(deployment, type);
            assertThat(condition.getReason()).as(type).isEqualTo(reason);
            assertThat(condition.getMessage()).contains(words);
          }
          assertThat(deployment.getStatus().provisioningState())
              .isEqualTo(ProvisioningState.Failed);
        });
  }

  private boolean budget(String name) {
    return world
            .client
            .policy()
            .v1()
            .podDisruptionBudget()
            .inNamespace(world.project)
            .withName(name + "-engine")
            .get()
        != null;
  }

  private String image(String name) {
    return world
        .engine(world.project, name)
        .orElseThrow()
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .getFirst()
        .getImage();
  }

  /** Waits until an operator has not called for three seconds. */
  private static void quiet(RunningOperator operator) {
    int[] last = {-1};
    try {
      Awaitility.await("quiet")
          .atMost(Duration.ofSeconds(40))
          .pollInterval(Duration.ofSeconds(3))
          .until(
              () -> {
                int before = last[0];
                last[0] = operator.calls().made().size();
                return before == last[0];
              });
    } catch (ConditionTimeoutException e) {
      var made = operator.calls().made();
      throw new AssertionError(
          "still calling: " + made.subList(Math.max(0, made.size() - 20), made.size()), e);
    }
  }
}
