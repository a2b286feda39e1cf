package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.mistraloperator.api.InferenceRouteSpec;
import io.mistraloperator.api.InferenceRouteSpec.Deployment;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several deployments behind one endpoint on a real API server. */
@ExtendWith(ApiServerExtension.class)
class TrafficFlowTest {
  private static final String NAME = "endpointName: Shop";

  private World world;

  @BeforeEach
  void begin(ApiServer server) {
    world = new World(server);
  }

  @AfterEach
  void end() {
    world.clear();
  }

  private InferenceRouteSpec route() {
    return world.route("shop").orElseThrow().getSpec();
  }

  private Map<String, Integer> weights() {
    return world
        .route("shop")
        .map(
            route ->
                route.getSpec().served().stream()
                    .collect(
                        Collectors.toMap(
                            Deployment::name, Deployment::weight, (a, b) -> a, TreeMap::new)))
        .orElseGet(TreeMap::new);
  }

  private void awaitWeights(Map<String, Integer> expected) {
    world.eventually(() -> assertThat(weights()).isEqualTo(expected));
  }

  private void awaitTraffic(String name, String status, String reason) {
    world.eventually(
        () -> {
          var condition = world.condition(world.deployment(name), "TrafficValid");
          assertThat(condition.getReason()).isEqualTo(reason);
          assertThat(condition.getStatus()).isEqualTo(status);
        });
  }

  private void serve(String name, String... spec) {
    var lines = new java.util.ArrayList<>(List.of(spec));
    lines.add(NAME);
    world.deploy(name, lines.toArray(String[]::new));
    world.reports.serve(world.project, name);
  }

  private List<String> owners(String service) {
    return world
        .client
        .services()
        .inNamespace(world.project)
        .withName(service)
        .get()
        .getMetadata()
        .getOwnerReferences()
        .stream()
        .map(OwnerReference::getName)
        .toList();
  }

  private List<String> warnings(String name) {
    return world.client.v1().events().inNamespace(world.project).list().getItems().stream()
        .filter(event -> event.getInvolvedObject().getName().equals(name))
        .filter(event -> event.getType().equals("Warning"))
        .map(Event::getReason)
        .toList();
  }

  private Secret keys() {
    return world.keys(world.project, "shop").orElseThrow();
  }

  @Test
  @DisplayName("D2.7 blue 100, green 0, 10, 100, blue deleted: weights follow, keys and route stay")
  void rollsOut() {
    try (var _ = world.operator()) {
      serve("blue", "traffic: 100");
      awaitWeights(Map.of("blue", 100));
      Secret before = keys();
      String route = world.route("shop").orElseThrow().getMetadata().getUid();

      serve("green", "mirror: 20");
      awaitWeights(Map.of("blue", 100, "green", 0));
      assertThat(route().deployments().getLast().mirror()).isEqualTo(20);
      assertThat(route().hosts())
          .contains("blue." + world.project + ".svc", "green." + world.project + ".svc");
      world.eventually(
          () ->
              assertThat(world.deployment("green").getStatus().endpoint().keySecret())
                  .isEqualTo("shop-keys"));

      // In the cluster the endpoint has a name that does not go with blue.
      String common = "shop." + world.project + ".svc";
      assertThat(route().hosts()).contains(common);
      world.eventually(
          () -> {
            assertThat(world.deployment("blue").getStatus().endpoint().clusterUrl())
                .isEqualTo("https://" + common);
            assertThat(owners("shop")).containsExactly("blue", "green");
          });

      serve("blue", "traffic: 90");
      awaitTraffic("blue", "False", "SumNotHundred");
      awaitTraffic("green", "False", "SumNotHundred");
      assertThat(weights()).isEqualTo(Map.of("blue", 100, "green", 0));
      world.eventually(
          () -> {
            assertThat(warnings("blue")).containsExactly("SumNotHundred");
            assertThat(warnings("green")).containsExactly("SumNotHundred");
          });
      serve("green", "traffic: 10");
      awaitWeights(Map.of("blue", 90, "green", 10));
      awaitTraffic("blue", "True", "AsAsked");
      world.eventually(
          () -> assertThat(world.deployment("green").getStatus().traffic()).isEqualTo(10));

      serve("green", "traffic: 100");
      serve("blue", "traffic: 0");
      awaitWeights(Map.of("blue", 0, "green", 100));
      world.client.resource(world.deployment("blue")).delete();
      awaitWeights(Map.of("green", 100));
      world.eventually(() -> assertThat(route().owner().name()).isEqualTo("green"));
      world.eventually(
          () ->
              assertThat(keys().getMetadata().getOwnerReferences())
                  .extracting(OwnerReference::getName)
                  .containsExactly("green"));
      assertThat(keys().getData()).isEqualTo(before.getData());
      assertThat(world.route("shop").orElseThrow().getMetadata().getUid()).isEqualTo(route);
      assertThat(route().hosts()).contains(common).noneMatch(host -> host.startsWith("blue."));
      world.eventually(() -> assertThat(owners("shop")).containsExactly("green"));
    }
  }

  @Test
  @DisplayName("D2.4 who first takes over keeps rotated keys, and rotates by its own count then")
  void keysSurviveTheirOwner() {
    try (var _ = world.operator()) {
      serve("blue", "keys: {primary: 3}");
      awaitWeights(Map.of("blue", 100));
      serve("green");
      awaitWeights(Map.of("blue", 100, "green", 0));
      world.eventually(() -> assertThat(keys().getMetadata().getOwnerReferences()).hasSize(2));
      Secret before = keys();

      world.client.resource(world.deployment("blue")).delete();
      awaitWeights(Map.of("green", 100));
      world.eventually(() -> assertThat(keys().getMetadata().getOwnerReferences()).hasSize(1));
      assertThat(keys().getData()).isEqualTo(before.getData());

      serve("green", "keys: {primary: 2}");
      world.eventually(
          () ->
              assertThat(keys().getData().get("primaryKey"))
                  .isNotEqualTo(before.getData().get("primaryKey")));
      assertThat(keys().getData().get("secondaryKey"))
          .isEqualTo(before.getData().get("secondaryKey"));
    }
  }

  @Test
  @DisplayName("D2.4 a share begins once its deployment answers, not while it is being loaded")
  void waitsForReadiness() {
    try (var _ = world.operator()) {
      serve("blue", "traffic: 100");
      awaitWeights(Map.of("blue", 100));
      world.deploy("green", NAME, "traffic: 100");
      world.deploy("blue", NAME, "traffic: 0");
      awaitTraffic("green", "False", "NotReadyForTraffic");
      awaitTraffic("blue", "False", "NotReadyForTraffic");
      assertThat(weights()).isEqualTo(Map.of("blue", 100, "green", 0));

      world.reports.serve(world.project, "green");
      awaitWeights(Map.of("blue", 0, "green", 100));
      awaitTraffic("blue", "True", "AsAsked");
    }
  }

  @Test
  @DisplayName("D2.4 nobody says anything: the first has all, then the next")
  void firstHasAll() {
    try (var _ = world.operator()) {
      serve("blue");
      awaitWeights(Map.of("blue", 100));
      assertThat(
              world.deployment("blue").getStatus().conditions().stream()
                  .noneMatch(condition -> condition.getType().equals("TrafficValid")))
          .isTrue();
      serve("green");
      awaitTraffic("green", "True", "FirstHasAll");
      assertThat(weights()).isEqualTo(Map.of("blue", 100, "green", 0));
      world.client.resource(world.deployment("blue")).delete();
      awaitWeights(Map.of("green", 100));
    }
  }

  @Test
  @DisplayName("D2.7 what an operator missed while it was away is made up at its start")
  void missedWhileAway() {
    Secret before;
    try (var _ = world.operator()) {
      serve("blue", "traffic: 100");
      serve("green", "traffic: 0");
      awaitWeights(Map.of("blue", 100, "green", 0));
      world.eventually(() -> assertThat(keys().getMetadata().getOwnerReferences()).hasSize(2));
      before = keys();
    }
    world.client.resource(world.deployment("blue")).delete();
    world.deploy("green", NAME, "traffic: 100");
    try (var _ = world.operator()) {
      awaitWeights(Map.of("green", 100));
      assertThat(keys().getData()).isEqualTo(before.getData());
    }
  }

  @Test
  @DisplayName("T-U6 the route of an earlier operator is written anew, with its keys and Secret")
  void earlierRoutes() {
    try (var _ = world.operator()) {
      serve("blue");
      awaitWeights(Map.of("blue", 100));
    }
    var written = world.route("shop").orElseThrow();
    var spec = written.getSpec();
    var only = spec.deployments().getFirst();
    written.setSpec(
        new InferenceRouteSpec(
            spec.owner(),
            spec.endpointName(),
            spec.hosts(),
            only.model(),
            only.backend(),
            spec.keys(),
            only.requestSettings(),
            spec.auth(),
            only.hold(),
            null,
            null));
    world.client.resource(written).update();
    try (var _ = world.operator()) {
      world.eventually(
          () -> {
            assertThat(route().deployments()).hasSize(1);
            assertThat(route().backend()).isNull();
            // Earlier operators named the Secret after the deployment.
            assertThat(route().keySecret()).isEqualTo("blue-keys");
            assertThat(world.deployment("blue").getStatus().endpoint().keySecret())
                .isEqualTo("blue-keys");
          });
    }
  }
}
