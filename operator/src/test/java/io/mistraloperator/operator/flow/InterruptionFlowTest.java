package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.dsl.Deletable;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.javaoperatorsdk.operator.OperatorException;
import io.mistraloperator.api.Engine;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.api.InferenceRouteSpec;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralModelSpec.Capabilities;
import io.mistraloperator.api.MistralModelSpec.Task;
import io.mistraloperator.api.MistralModelSpec.Tokenizer;
import io.mistraloperator.api.ServerlessEndpoint;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import io.mistraloperator.operator.kube.Labels;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What happens in between: edits during a pass, deaths between two writes. */
@ExtendWith(ApiServerExtension.class)
class InterruptionFlowTest {
  private final ApiServer server;
  private final World world;

  InterruptionFlowTest(ApiServer server) {
    this.server = server;
    this.world = new World(server);
  }

  @Test
  @DisplayName("A spec edit that arrives just before a status write is not lost")
  void actsOnAnEditDuringItsStatusWrite() {
    var edits = new AtomicInteger();
    var editor =
        new Interceptor() {
          @Override
          public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            boolean status = request.uri().getPath().endsWith("/mistraldeployments/edited/status");
            if (status && edits.getAndIncrement() == 0) {
              world.deploy("edited", "instances: 3");
            }
          }
        };
    try (var _ = RunningOperator.start(server, world.platform, editor)) {
      world.deploy("edited");
      world.until(
          "the edit to be acted on",
          () ->
              world.engine(world.project, "edited").isPresent()
                  && world.engine(world.project, "edited").get().getSpec().getReplicas() == 3
                  && world.deployment("edited").getStatus() != null
                  && world.deployment("edited").getStatus().observedGeneration() == 2);
      assertThat(edits).hasPositiveValue();
    }
  }

  @Test
  @DisplayName("Killed between any two writes of a create, it converges after the restart")
  void convergesWhereverItDies() {
    // Every operator would write for what other tests have left, too.
    for (var kind : List.of(MistralDeployment.class, ServerlessEndpoint.class)) {
      server.client().resources(kind).inAnyNamespace().list().getItems().stream()
          .map(left -> server.client().resource(left))
          .forEach(Deletable::delete);
    }
    boolean died = true;
    for (int writes = 0; died; writes++) {
      var fresh = new World(server);
      var death = new Death(writes);
      fresh.deploy("dies");
      fresh.serverless(fresh.project, "dies-too", "Flow-Chat");
      try (var _ = RunningOperator.start(server, fresh.platform, death)) {
        fresh.until("death or the end", () -> death.hasCome() || isMade(fresh));
        died = death.hasCome();
      } catch (OperatorException e) {
        assertThat(death.hasCome()).as("dead while it started").isTrue();
      }
      fresh.client.leases().inNamespace(fresh.platform).delete();
      try (var _ = RunningOperator.start(server, fresh.platform)) {
        fresh.reports.serve(fresh.project, "dies");
        fresh.untilReady("dies");
        fresh.until("everything", () -> isMade(fresh));
        assertThat(fresh.route("dies")).isPresent();
        delete(fresh);
        fresh.until("nothing in the platform namespace to be left", () -> isGone(fresh));
      }
      assertThat(writes).as("writes of a create").isLessThan(60);
    }
  }

  @Test
  @DisplayName("Killed between any two writes of a delete, nothing is left after the restart")
  void leavesNothingWhereverItDies() {
    boolean died = true;
    for (int writes = 0; died; writes++) {
      var fresh = new World(server);
      fresh.deploy("dies");
      fresh.serverless(fresh.project, "dies-too", "Flow-Chat");
      try (var _ = RunningOperator.start(server, fresh.platform)) {
        fresh.reports.serve(fresh.project, "dies");
        fresh.untilReady("dies");
        fresh.until("everything", () -> isMade(fresh));
      }
      fresh.client.leases().inNamespace(fresh.platform).delete();
      var death = new Death(writes);
      try (var _ = RunningOperator.start(server, fresh.platform, death)) {
        delete(fresh);
        fresh.until("death or the end", () -> death.hasCome() || isGone(fresh));
        died = death.hasCome();
      } catch (OperatorException e) {
        assertThat(death.hasCome()).as("dead while it started").isTrue();
        delete(fresh);
      }
      fresh.client.leases().inNamespace(fresh.platform).delete();
      try (var _ = RunningOperator.start(server, fresh.platform)) {
        fresh.until("nothing in the platform namespace to be left", () -> isGone(fresh));
      }
      assertThat(writes).as("writes of a delete").isLessThan(20);
    }
  }

  @Test
  @DisplayName("Routes and pools that were left while no operator ran go at the next start")
  void sweepsOrphans() {
    var route = new InferenceRoute();
    route.setMetadata(
        new ObjectMetaBuilder()
            .withName("orphan")
            .withNamespace(world.platform)
            .withLabels(Map.of(Labels.MANAGED_BY, Labels.OPERATOR))
            .build());
    route.setSpec(
        new InferenceRouteSpec(
            new InferenceRouteSpec.Owner("MistralDeployment", world.project, "gone", "no-uid"),
            "orphan",
            List.of("orphan.local"),
            new InferenceRouteSpec.Model(
                "Flow-Chat",
                "MistralAI",
                Task.ChatCompletions,
                Tokenizer.V3,
                4096,
                new Capabilities(false, false, false, false, false)),
            new InferenceRouteSpec.Backend(
                Engine.LlamaCpp, world.project, "gone-engine", "Flow-Chat", null),
            List.of(),
            null,
            null,
            null,
            null,
            null));
    world.client.resource(route).create();
    world.deploy("alive");
    try (var _ = world.operator()) {
      world.until("the sweep", () -> world.route("orphan").isEmpty());
      world.until("its route", () -> world.route("alive").isPresent());
    }
    world.client.leases().inNamespace(world.platform).delete();
    try (var _ = world.operator()) {
      assertThat(world.route("alive")).isPresent();
    }
  }

  private static void delete(World world) {
    world.client.resource(world.deployment("dies")).delete();
    world.client.resource(world.endpoint(world.project, "dies-too")).delete();
  }

  private static boolean isGone(World world) {
    return world.route("dies").isEmpty()
        && world.route("dies-too").isEmpty()
        && world.deployment(world.platform, "pool-flowchat") == null;
  }

  private static boolean isMade(World world) {
    var deployment = world.deployment("dies");
    return deployment.getStatus() != null
        && world.engine(world.project, "dies").isPresent()
        && world.route("dies").isPresent()
        && world.route("dies-too").isPresent()
        && world.engine(world.platform, "pool-flowchat").isPresent();
  }
}
