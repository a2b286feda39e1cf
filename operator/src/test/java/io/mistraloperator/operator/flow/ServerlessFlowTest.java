package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.RequestSettings;
import io.mistraloperator.api.ServerlessEndpointStatus.EndpointState;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import io.mistraloperator.operator.kube.Labels;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Life of a ServerlessEndpoint on a real API server. */
@ExtendWith(ApiServerExtension.class)
class ServerlessFlowTest {
  private static final String POOL = "pool-flowchat";

  private final World world;

  ServerlessFlowTest(ApiServer server) {
    this.world = new World(server);
  }

  @Test
  @DisplayName("A2.1 endpoints of a model share one pool of the platform, which goes with the last")
  void sharesAPool() {
    String other = world.server.newNamespace();
    try (var _ = world.operator()) {
      world.serverless(world.project, "ask", "Flow-Chat");
      world.serverless(
          other,
          "ask-too",
          "flow-chat",
          "requestSettings: {timeoutSeconds: 90, connectTimeoutSeconds: 5, maxBodyBytes: 65536,"
              + " maxConcurrentRequestsPerInstance: 2}");
      world.reports.serve(world.platform, POOL);
      online(world.project, "ask");
      online(other, "ask-too");
      var pool = world.deployment(world.platform, POOL);
      assertThat(pool.getSpec().expose()).isFalse();
      assertThat(pool.getStatus().endpoint()).isNull();
      assertThat(
              world
                  .client
                  .resources(MistralDeployment.class)
                  .inNamespace(world.project)
                  .list()
                  .getItems())
          .isEmpty();
      var backend = world.served("ask").backend();
      assertThat(backend.namespace()).isEqualTo(world.platform);
      assertThat(backend.service()).isEqualTo(POOL + "-engine");
      assertThat(world.route("ask").orElseThrow().getSpec().keys())
          .isNotEqualTo(world.route("ask-too").orElseThrow().getSpec().keys());

      assertThat(world.served("ask").requestSettings()).isNull();
      assertThat(world.served("ask-too").requestSettings())
          .isEqualTo(new RequestSettings(90, 5, null, null, 65536, 2, 60));

      world.client.resource(world.endpoint(world.project, "ask")).delete();
      world.until("its route to go", () -> world.route("ask").isEmpty());
      assertThat(world.deployment(world.platform, POOL)).isNotNull();
      world.client.resource(world.endpoint(other, "ask-too")).delete();
      world.until("the pool to go", () -> world.deployment(world.platform, POOL) == null);
    }
  }

  @Test
  @DisplayName("A2.8 A2.10 one endpoint per model and project; the oldest that waits takes over")
  void oneForAModelAndProject() {
    try (var _ = world.operator()) {
      world.serverless(world.project, "winner", "Flow-Chat");
      world.reports.serve(world.platform, POOL);
      online(world.project, "winner");
      world.serverless(world.project, "second", "FLOW.CHAT");
      refused("second", "AlreadyDeployed", "winner");
      world.serverless(world.project, "third", "flow.chat.alias");
      refused("third", "AlreadyDeployed", "winner");
      assertThat(world.route("second")).isEmpty();

      var lock = lock();
      world.client.resource(world.endpoint(world.project, "winner")).delete();
      // The garbage collector's part.
      world.client.resource(lock).delete();
      online(world.project, "second");
      refused("third", "AlreadyDeployed", "second");
      world.client.resource(world.endpoint(world.project, "second")).delete();
      world.client.resource(world.endpoint(world.project, "third")).delete();
    }
  }

  @Test
  void takesOverALockWhoseOwnerIsGone() {
    try (var _ = world.operator()) {
      world.serverless(world.project, "before", "Flow-Chat");
      world.reports.serve(world.platform, POOL);
      online(world.project, "before");
      world.client.resource(world.endpoint(world.project, "before")).delete();
      world.until("the route to go", () -> world.route("before").isEmpty());
      assertThat(lock()).as("what the garbage collector has not removed yet").isNotNull();
      world.serverless(world.project, "after", "Flow-Chat");
      // The garbage collector's part, in the platform's namespace.
      for (var kind :
          List.of(
              Deployment.class, Service.class, NetworkPolicy.class, PodDisruptionBudget.class)) {
        world
            .client
            .resources(kind)
            .inNamespace(world.platform)
            .withLabel(Labels.INSTANCE, POOL)
            .delete();
      }
      world.until("the new pool to take over the engine", this::poolHasItsEngine);
      world.reports.serve(world.platform, POOL);
      online(world.project, "after");
      assertThat(Labels.owner(lock()).orElseThrow().name()).isEqualTo("after");
      world.client.resource(world.endpoint(world.project, "after")).delete();
    }
  }

  @Test
  @DisplayName("A1.9 A1.10 a model without serverless offer is refused with the reason")
  void refusesAModelWithoutOffer() {
    try (var _ = world.operator()) {
      world.serverless(world.project, "base", "Flow-Base");
      refused("base", "ModeNotOffered", "managed compute only");
      world.serverless(world.project, "unknown", "Flow-Chet");
      refused("unknown", "UnknownModel", "Flow-Chat");
    }
  }

  @Test
  void sharesNoNamesWithADeployment() {
    try (var _ = world.operator()) {
      world.deploy("same");
      world.until("an engine", () -> world.engine(world.project, "same").isPresent());
      var keys = world.keys(world.project, "same").orElseThrow();
      world.serverless(world.project, "same", "Flow-Chat", "endpointName: same-too");
      refused("same", "NameTaken", "MistralDeployment same");
      assertThat(world.keys(world.project, "same").orElseThrow()).isEqualTo(keys);
      world.client.resource(world.endpoint(world.project, "same")).delete();
    }
  }

  private boolean poolHasItsEngine() {
    var pools = world.client.resources(MistralDeployment.class).inNamespace(world.platform);
    var engine = world.engine(world.platform, POOL);
    return Optional.ofNullable(pools.withName(POOL).get())
        .map(Labels.Owner::of)
        .equals(engine.flatMap(Labels::owner));
  }

  private io.fabric8.kubernetes.api.model.ConfigMap lock() {
    return world
        .client
        .configMaps()
        .inNamespace(world.project)
        .withName("serverless-flowchat")
        .get();
  }

  private void online(String namespace, String name) {
    world.until(
        name + " to be online",
        () -> {
          var status = world.endpoint(namespace, name).getStatus();
          return status != null && status.endpointState() == EndpointState.Online;
        });
  }

  private void refused(String name, String reason, String words) {
    world.eventually(
        () -> {
          var endpoint = world.endpoint(world.project, name);
          for (String type : new String[] {"Ready", "Stalled", "Accepted"}) {
            assertThat(world.condition(endpoint, type).getReason()).as(type).isEqualTo(reason);
            assertThat(world.condition(endpoint, type).getMessage()).contains(words);
          }
          assertThat(endpoint.getStatus().endpointState()).isEqualTo(EndpointState.CreationFailed);
        });
  }
}
