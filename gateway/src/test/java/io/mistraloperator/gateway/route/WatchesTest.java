package io.mistraloperator.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.mistraloperator.api.EndpointAuth;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.api.InferenceRouteSpec;
import io.mistraloperator.api.RequestSettings;
import io.mistraloperator.gateway.chat.RequestLimits;
import io.mistraloperator.gateway.testing.ApiServer;
import io.mistraloperator.gateway.testing.ClusterObjects;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.Wire;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("routes and instances follow the cluster")
class WatchesTest {
  private static final String PLATFORM = "default";
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration START = Duration.ofSeconds(20);
  private static final ServiceRef ENGINE = new ServiceRef("team-a", "chat-engine");

  private static ApiServer server;
  private static KubernetesClient client;

  private final RouteTable routes = new RouteTable("localhost");
  private final InstanceDirectory instances = new InstanceDirectory();
  private RouteWatch routeWatch;
  private InstanceWatch instanceWatch;

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

  private void start() {
    routeWatch.start();
    instanceWatch.start();
    await().atMost(START).until(() -> routeWatch.synced() && instanceWatch.synced());
  }

  private static InferenceRoute route(String name, String key) {
    return ClusterObjects.route(PLATFORM, name, key);
  }

  private static EndpointSlice slice(String name, String address, boolean ready, boolean dying) {
    return ClusterObjects.slice(name, address, 8080, ready, dying);
  }

  private static GenericKubernetesResource tree(InferenceRoute route) {
    return client.getKubernetesSerialization().convertValue(route, GenericKubernetesResource.class);
  }

  private List<String> names() {
    return routes.routes().stream().map(Route::id).sorted().collect(Collectors.toList());
  }

  @Test
  void whatIsThereAtTheStartIsKnown() {
    client.resource(route("early-one", "first")).create();
    client.resource(slice("early", "10.0.0.1", true, false)).create();

    start();

    assertThat(names()).containsExactly("early-one");
    assertThat(instances.ready(ENGINE)).containsExactly(new Instance("10.0.0.1", 8080));
  }

  @Test
  void routesComeChangeAndGo() {
    start();

    InferenceRoute made = client.resource(route("chat-one", "first")).create();
    await().atMost(SOON).until(() -> names().equals(List.of("chat-one")));
    assertThat(routes.find("chat-one.local.inference.localhost", "/info"))
        .isInstanceOfSatisfying(
            RouteTable.Match.Endpoint.class,
            match -> assertThat(match.route().project()).isEqualTo("team-a"));

    InferenceRoute rotated = route("chat-one", "second");
    rotated.getMetadata().setResourceVersion(made.getMetadata().getResourceVersion());
    client.resource(rotated).update();
    byte[] replaced = Routes.digests("second").getFirst();
    await()
        .atMost(SOON)
        .until(
            () ->
                Arrays.equals(routes.routes().iterator().next().keyDigests().getFirst(), replaced));

    client.resource(made).delete();
    await().atMost(SOON).until(() -> names().isEmpty());
  }

  @Test
  @DisplayName("D2.3 an endpoint has its own bounds, and the gateway's where it says nothing")
  void boundsOfRequests() {
    client.resource(route("plain-one", "first")).create();
    client
        .resource(
            ClusterObjects.limited(
                route("own-one", "first"), new RequestSettings(90, null, 5, 65536, null, null)))
        .create();

    start();

    assertThat(Routes.only(served("plain-one")).limits()).isEqualTo(Routes.LIMITS);
    assertThat(Routes.only(served("own-one")).limits())
        .isEqualTo(
            new RequestLimits(
                Duration.ofSeconds(90), Duration.ofMinutes(10), Duration.ofSeconds(5), 65536));
  }

  @Test
  @DisplayName("D2.12, T-Z2 an endpoint says how requests wait; what it leaves out is the schema's")
  void howRequestsWait() {
    InferenceRoute busy =
        ClusterObjects.limited(
            route("busy-one", "first"), new RequestSettings(null, null, null, null, 4, 30));
    InferenceRoute idle =
        ClusterObjects.holding(
            ClusterObjects.limited(
                route("idle-one", "first"), new RequestSettings(90, null, null, null, null, null)),
            new InferenceRouteSpec.Hold(null, null, null));
    client.resource(busy).create();
    client.resource(idle).create();
    client.resource(route("plain-one", "first")).create();

    start();

    assertThat(Routes.only(served("plain-one")).queueing()).isEqualTo(Routes.QUEUEING);
    assertThat(Routes.only(served("busy-one")).queueing())
        .isEqualTo(new Queueing(OptionalInt.of(4), Duration.ofSeconds(30), Optional.empty()));
    assertThat(Routes.only(served("idle-one")).queueing())
        .isEqualTo(
            new Queueing(
                OptionalInt.empty(),
                Duration.ofSeconds(60),
                Optional.of(new Queueing.Hold(200, 64 * 1024 * 1024, Duration.ofMinutes(10)))));
  }

  @Test
  @DisplayName("D2.14 an endpoint says which credentials it takes")
  void acceptedCredentials() {
    EndpointAuth.Oidc oidc =
        new EndpointAuth.Oidc(
            "https://id.example.com",
            List.of("chat"),
            List.of(new EndpointAuth.ClaimRule("groups", List.of("writers"))));
    create("keys", null);
    create("keys-said", new EndpointAuth(EndpointAuth.Mode.Key, null, null));
    create("signed", new EndpointAuth(EndpointAuth.Mode.OIDC, oidc, null));
    create("cluster", new EndpointAuth(EndpointAuth.Mode.Kubernetes, null, null));
    create(
        "cluster-more",
        new EndpointAuth(
            EndpointAuth.Mode.Kubernetes,
            null,
            new EndpointAuth.Kubernetes(List.of("chat"), List.of("tina"), List.of("ops"))));

    start();

    assertThat(access("keys")).isEqualTo(new Access.Keys());
    assertThat(access("keys-said")).isEqualTo(new Access.Keys());
    assertThat(access("signed"))
        .isEqualTo(
            new Access.Oidc(
                "https://id.example.com",
                List.of("chat"),
                List.of(new Access.ClaimRule("groups", Set.of("writers")))));
    assertThat(served("keys-said").keyDigests()).hasSize(1);
    assertThat(served("signed").keyDigests()).isEmpty();
    assertThat(access("cluster"))
        .isEqualTo(
            new Access.Kubernetes(List.of(), Set.of(), Set.of("system:serviceaccounts:team-a")));
    assertThat(access("cluster-more"))
        .isEqualTo(
            new Access.Kubernetes(
                List.of("chat"), Set.of("tina"), Set.of("ops", "system:serviceaccounts:team-a")));
  }

  private static void create(String name, EndpointAuth auth) {
    client.resource(ClusterObjects.authenticated(route(name, "first"), auth)).create();
  }

  private Route served(String name) {
    return routes.routes().stream()
        .filter(route -> route.id().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private Access access(String name) {
    return served(name).access();
  }

  @Test
  void onlyInstancesThatAreReadyAndStay() {
    start();

    client.resource(slice("a", "10.0.0.1", true, false)).create();
    client.resource(slice("b", "10.0.0.2", false, false)).create();
    client.resource(slice("c", "10.0.0.3", false, true)).create();
    await()
        .atMost(SOON)
        .until(() -> instances.ready(ENGINE).equals(List.of(new Instance("10.0.0.1", 8080))));

    client.resource(slice("b", "10.0.0.2", true, false)).forceConflicts().serverSideApply();
    await().atMost(SOON).until(() -> instances.ready(ENGINE).size() == 2);

    client.discovery().v1().endpointSlices().inNamespace("team-a").delete();
    await().atMost(SOON).until(() -> instances.ready(ENGINE).isEmpty());
  }

  @Test
  @DisplayName(
      "a Service without pods, whose slice has neither endpoints nor ports, is no obstacle")
  void emptySlice() {
    client.raw(
        "/apis/discovery.k8s.io/v1/namespaces/team-a/endpointslices",
        "POST",
        """
        {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
         "endpoints": null, "ports": null,
         "metadata": {"name": "empty", "labels": {"kubernetes.io/service-name": "other-engine",
           "app.kubernetes.io/managed-by": "mistral-operator",
           "app.kubernetes.io/component": "engine"}}}
        """);
    client.resource(slice("full", "10.0.0.1", true, false)).create();

    start();

    assertThat(instances.ready(ENGINE)).containsExactly(new Instance("10.0.0.1", 8080));
  }

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

  @Test
  @DisplayName("what is known stays while the API server is away, also at the start")
  void withoutTheApiServer() throws Exception {
    client.resource(route("known-one", "first")).create();
    Config config = new ConfigBuilder(client.getConfiguration()).build();
    try (Wire wire = new Wire(URI.create(config.getMasterUrl()).getPort())) {
      config.setMasterUrl("https://127.0.0.1:" + wire.port() + "/");
      try (KubernetesClient wired = new KubernetesClientBuilder().withConfig(config).build();
          RouteWatch watch = new RouteWatch(wired, PLATFORM, Routes.LIMITS, routes::replace)) {
        watch.start();
        await().during(Duration.ofSeconds(1)).atMost(SOON).until(() -> !watch.synced());

        wire.join();
        await().atMost(START).until(() -> names().equals(List.of("known-one")));

        wire.cut();
        client.resource(route("new-one", "first")).create();
        await()
            .during(Duration.ofSeconds(2))
            .atMost(SOON)
            .until(() -> watch.synced() && names().equals(List.of("known-one")));

        wire.join();
        await().atMost(START).until(() -> names().equals(List.of("known-one", "new-one")));
      }
    }
  }

  /** A cluster whose definition is newer than this gateway and knows more engines. */
  private static void relaxSchema() {
    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("inferenceroutes.mistraloperator.io")
        .edit(WatchesTest::withoutEngineNames);
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
