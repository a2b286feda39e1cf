package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.api.InferenceRouteSpec.Deployment;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.TokenizerMode;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who has an endpoint's name, and how many may share it, on a real API server. */
@ExtendWith(ApiServerExtension.class)
class EndpointNameFlowTest {
  private static final String NAME = "endpointName: Shop";

  private final World world;

  EndpointNameFlowTest(ApiServer server) {
    this.world = new World(server);
  }

  @AfterEach
  void end() {
    world.clear();
  }

  private List<String> members() {
    return world
        .route("shop")
        .map(route -> route.getSpec().served().stream().map(Deployment::name).toList())
        .orElse(List.of());
  }

  private void awaitMembers(String... names) {
    world.eventually(() -> assertThat(members()).containsExactlyInAnyOrder(names));
  }

  @Test
  @DisplayName("A6.2 a name is given once, and to the next when it is free")
  void endpointNamesAreUnique() {
    try (var _ = world.operator()) {
      world.deploy("first", "endpointName: Contoso");
      world.until("a route", () -> world.route("contoso").isPresent());
      String other = world.server.newNamespace();
      world.deployIn(other, "second", "endpointName: contoso");
      world.eventually(
          () -> {
            var ready = world.condition(world.deployment(other, "second"), "Ready");
            assertThat(ready.getReason()).isEqualTo("EndpointNameTaken");
            assertThat(ready.getMessage()).contains("contoso").doesNotContain(world.project);
          });
      assertThat(world.engine(other, "second")).as("hardware without a name").isEmpty();
      world.client.resource(world.deployment("first")).delete();
      world.until(
          "the name to go to the next",
          () ->
              world
                  .route("contoso")
                  .filter(route -> route.getSpec().owner().name().equals("second"))
                  .isPresent());
    }
  }

  @Test
  @DisplayName("D2.2, A6.2 a project's name is no other project's, whichever member has it")
  void otherProjectsAreRefused() {
    try (var _ = world.operator()) {
      world.deploy("blue", NAME);
      world.deploy("green", NAME);
      awaitMembers("blue", "green");
      String other = world.server.newNamespace();
      world.deployIn(other, "red", NAME);
      world.eventually(
          () ->
              assertThat(world.condition(world.deployment(other, "red"), "Ready").getReason())
                  .isEqualTo("EndpointNameTaken"));
      world.client.resource(world.deployment("blue")).delete();
      awaitMembers("green");
      assertThat(world.route("shop").orElseThrow().getSpec().owner().namespace())
          .isEqualTo(world.project);
      world.client.resource(world.deployment("green")).delete();
      awaitMembers("red");
      world.client.resources(MistralDeployment.class).inNamespace(other).delete();
    }
  }

  @Test
  @DisplayName("D2.2 the twenty-first deployment of an endpoint is told so and takes no hardware")
  void twentyAtMost() {
    try (var _ = world.operator()) {
      for (int i = 10; i < 30; i++) {
        world.deploy("d" + i, NAME, "instances: 0");
      }
      world.eventually(() -> assertThat(members()).hasSize(20));
      world.deploy("late", NAME);
      world.eventually(
          () -> {
            var stalled = world.condition(world.deployment("late"), "Stalled");
            assertThat(stalled.getReason()).isEqualTo("EndpointFull");
            assertThat(stalled.getMessage()).contains("20");
          });
      assertThat(world.engine(world.project, "late")).isEmpty();
    }
  }

  @Test
  @DisplayName("C2.11 a route says what vLLM makes prompts with, and nothing of llama.cpp's")
  void tokenizerMode() {
    world.server.kubectl().output("apply", "-f", "src/test/resources/flow/quota.yaml");
    world.limit(world.project, Map.of("flow-gpu", 12));
    try (var _ = world.operator()) {
      world.deploy("templated", "model: Flow-Gpu-Chat", "instanceType: flow-gpu");
      world.deploy("plain");
      world.until("its route", () -> world.route("templated").isPresent());
      world.until("its route", () -> world.route("plain").isPresent());
      assertThat(world.served("templated").backend().tokenizerMode())
          .isEqualTo(TokenizerMode.HuggingFace);
      assertThat(world.served("plain").backend().tokenizerMode()).isNull();
    }
  }
}
