package io.mistraloperator.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.mistraloperator.gateway.testing.Routes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("what cannot be read costs no more than itself")
class UnreadableRoutesTest extends WatchFixture {
  @Test
  @DisplayName("a route that cannot be read costs its own endpoint only")
  void unreadableRoute() {
    start();
    relaxSchema();
    GenericKubernetesResource unreadable = tree(route("from-later", "first"));
    backend(unreadable).put("engine", "TensorThing");
    client.resource(unreadable).create();

    client.resource(route("chat-two", "first")).create();

    await().atMost(SOON).until(() -> names().equals(List.of("chat-two")));
    assertThat(routeWatch.unreadable()).isOne();
    backend(unreadable).put("engine", "VLLM");
    client.resource(unreadable).update();
    await().atMost(SOON).until(() -> names().equals(List.of("chat-two", "from-later")));
    assertThat(routeWatch.unreadable()).isZero();
  }

  @Test
  @DisplayName("T-U6 a deployment that cannot be read costs its endpoint's others nothing")
  void unreadableDeployment() {
    relaxSchema();
    GenericKubernetesResource route = tree(route("blue-green", "first"));
    GenericKubernetesResource later = tree(route("later", "first"));
    backend(later).put("engine", "TensorThing");
    deployments(route).addAll(deployments(later));
    client.resource(route).create();

    start();

    assertThat(routes.routes())
        .singleElement()
        .satisfies(read -> assertThat(Routes.only(read).name()).isEqualTo("blue-green"));
    assertThat(routeWatch.unreadable()).isOne();

    client.resource(route).delete();
    await().atMost(SOON).until(() -> routeWatch.unreadable() == 0);
  }

  /** A cluster whose definition is newer than this gateway and knows more engines. */
  private static void relaxSchema() {
    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("inferenceroutes.mistraloperator.io")
        .edit(UnreadableRoutesTest::withoutEngineNames);
  }

  private static CustomResourceDefinition withoutEngineNames(CustomResourceDefinition crd) {
    crd.getSpec()
        .getVersions()
        .getFirst()
        .getSchema()
        .getOpenAPIV3Schema()
        .getProperties()
        .get("spec")
        .getProperties()
        .get("deployments")
        .getItems()
        .getSchema()
        .getProperties()
        .get("backend")
        .getProperties()
        .get("engine")
        .setEnum(List.of());
    return crd;
  }

  private static List<Map<String, Object>> deployments(GenericKubernetesResource resource) {
    return resource.get("spec", "deployments");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> backend(GenericKubernetesResource resource) {
    return (Map<String, Object>) deployments(resource).getFirst().get("backend");
  }
}
