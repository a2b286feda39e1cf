package io.mistraloperator.gateway.route;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mistraloperator.api.EndpointAuth;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.gateway.testing.ApiServer;
import io.mistraloperator.gateway.testing.ClusterObjects;
import io.mistraloperator.gateway.testing.Routes;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A route table and a directory that follow a real API server. */
abstract class WatchFixture {
  static final String PLATFORM = "default";
  static final Duration SOON = Duration.ofSeconds(10);
  static final Duration START = Duration.ofSeconds(20);
  static final ServiceRef ENGINE = new ServiceRef("team-a", "chat-engine");
  static ApiServer server;
  static KubernetesClient client;
  final RouteTable routes = new RouteTable("localhost");
  final InstanceDirectory instances = new InstanceDirectory();
  RouteWatch routeWatch;
  InstanceWatch instanceWatch;

  @BeforeAll
  static void startServer() {
    server = ApiServer.start();
    client = server.client();
    client
        .namespaces()
        .resource(new NamespaceBuilder().withNewMetadata().withName("team-a").endMetadata().build())
        .create();
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void startWatches() {
    routeWatch = new RouteWatch(client, PLATFORM, Routes.LIMITS, routes::replace);
    instanceWatch = new InstanceWatch(client, instances::replace);
  }

  @AfterEach
  void stopWatches() {
    routeWatch.close();
    instanceWatch.close();
    client.resources(InferenceRoute.class).inNamespace(PLATFORM).delete();
    client.discovery().v1().endpointSlices().inNamespace("team-a").delete();
  }

  void start() {
    routeWatch.start();
    instanceWatch.start();
    await().atMost(START).until(() -> routeWatch.synced() && instanceWatch.synced());
  }

  static InferenceRoute route(String name, String key) {
    return ClusterObjects.route(PLATFORM, name, key);
  }

  static EndpointSlice slice(String name, String address, boolean ready, boolean dying) {
    return ClusterObjects.slice(name, address, 8080, ready, dying);
  }

  static GenericKubernetesResource tree(InferenceRoute route) {
    return client.getKubernetesSerialization().convertValue(route, GenericKubernetesResource.class);
  }

  List<String> names() {
    return routes.routes().stream().map(Route::id).sorted().collect(Collectors.toList());
  }

  static void create(String name, EndpointAuth auth) {
    client.resource(ClusterObjects.authenticated(route(name, "first"), auth)).create();
  }

  Route served(String name) {
    return routes.routes().stream()
        .filter(route -> route.id().equals(name))
        .findFirst()
        .orElseThrow();
  }

  Access access(String name) {
    return served(name).access();
  }
}
