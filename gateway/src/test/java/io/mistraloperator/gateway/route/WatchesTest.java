package io.mistraloperator.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.mistraloperator.api.EndpointAuth;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.api.InferenceRouteSpec;
import io.mistraloperator.api.RequestSettings;
import io.mistraloperator.gateway.chat.RequestLimits;
import io.mistraloperator.gateway.testing.ClusterObjects;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.Wire;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("routes and instances follow the cluster")
class WatchesTest extends WatchFixture {
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
                route("own-one", "first"), new RequestSettings(90, 7, null, 5, 65536, null, null)))
        .create();

    start();

    assertThat(Routes.only(served("plain-one")).limits()).isEqualTo(Routes.LIMITS);
    assertThat(Routes.only(served("own-one")).limits())
        .isEqualTo(
            new RequestLimits(
                Duration.ofSeconds(90),
                Duration.ofSeconds(7),
                Duration.ofMinutes(10),
                Duration.ofSeconds(5),
                65536));
  }

  @Test
  @DisplayName("D2.12, T-Z2 an endpoint says how requests wait; what it leaves out is the schema's")
  void howRequestsWait() {
    InferenceRoute busy =
        ClusterObjects.limited(
            route("busy-one", "first"), new RequestSettings(null, null, null, null, null, 4, 30));
    InferenceRoute idle =
        ClusterObjects.holding(
            ClusterObjects.limited(
                route("idle-one", "first"),
                new RequestSettings(90, null, null, null, null, null, null)),
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
}
