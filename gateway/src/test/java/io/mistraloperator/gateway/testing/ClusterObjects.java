package io.mistraloperator.gateway.testing;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.mistraloperator.api.EndpointAuth;
import io.mistraloperator.api.Engine;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.api.InferenceRouteSpec;
import io.mistraloperator.api.MistralModelSpec;
import io.mistraloperator.api.RequestSettings;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Objects as the operator and Kubernetes write them. */
public final class ClusterObjects {
  private ClusterObjects() {}

  /** The route of an endpoint of project {@code team-a} with one deployment. */
  public static InferenceRoute route(String namespace, String name, String key) {
    String digest = HexFormat.of().formatHex(Routes.digests(key).getFirst());
    InferenceRoute route = new InferenceRoute();
    route.setMetadata(new ObjectMetaBuilder().withName(name).withNamespace(namespace).build());
    route.setSpec(
        new InferenceRouteSpec(
            new InferenceRouteSpec.Owner("MistralDeployment", "team-a", name, "uid-1"),
            name,
            List.of(name + ".local.inference.localhost"),
            null,
            null,
            List.of(new InferenceRouteSpec.KeyDigest("primary", digest)),
            null,
            null,
            null,
            name + "-keys",
            List.of(deployment(name))));
    return route;
  }

  /** The same route in the form of operators that knew one deployment for each endpoint. */
  public static InferenceRoute earlier(InferenceRoute route) {
    InferenceRouteSpec spec = route.getSpec();
    InferenceRouteSpec.Deployment only = spec.deployments().getFirst();
    route.setSpec(
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
    return route;
  }

  private static InferenceRouteSpec.Deployment deployment(String name) {
    return new InferenceRouteSpec.Deployment(
        name,
        "uid-1",
        100,
        0,
        new InferenceRouteSpec.Model(
            "Mistral-Test",
            "MistralAI",
            MistralModelSpec.Task.ChatCompletions,
            MistralModelSpec.Tokenizer.V3Tekken,
            4096,
            new MistralModelSpec.Capabilities(true, true, false, true, false)),
        new InferenceRouteSpec.Backend(Engine.LlamaCpp, "team-a", "chat-engine", "m", null),
        null,
        null);
  }

  /** The same route with bounds of a request. */
  public static InferenceRoute limited(InferenceRoute route, RequestSettings settings) {
    return deployed(
        route,
        like ->
            new InferenceRouteSpec.Deployment(
                like.name(),
                like.uid(),
                like.weight(),
                like.mirror(),
                like.model(),
                like.backend(),
                settings,
                like.hold()));
  }

  /** The same route, its requests waiting while no instance is ready. */
  public static InferenceRoute holding(InferenceRoute route, InferenceRouteSpec.Hold hold) {
    return deployed(
        route,
        like ->
            new InferenceRouteSpec.Deployment(
                like.name(),
                like.uid(),
                like.weight(),
                like.mirror(),
                like.model(),
                like.backend(),
                like.requestSettings(),
                hold));
  }

  /** The same route, each deployment changed. */
  public static InferenceRoute deployed(
      InferenceRoute route, UnaryOperator<InferenceRouteSpec.Deployment> change) {
    InferenceRouteSpec spec = route.getSpec();
    route.setSpec(with(spec, spec.auth(), spec.deployments().stream().map(change).toList()));
    return route;
  }

  /** The same route for other credentials. */
  public static InferenceRoute authenticated(InferenceRoute route, EndpointAuth auth) {
    InferenceRouteSpec spec = route.getSpec();
    route.setSpec(with(spec, auth, spec.deployments()));
    return route;
  }

  private static InferenceRouteSpec with(
      InferenceRouteSpec spec, EndpointAuth auth, List<InferenceRouteSpec.Deployment> deployments) {
    return new InferenceRouteSpec(
        spec.owner(),
        spec.endpointName(),
        spec.hosts(),
        null,
        null,
        spec.keys(),
        null,
        auth,
        null,
        spec.keySecret(),
        deployments);
  }

  /** One slice of the Service {@code chat-engine} in {@code team-a}, with one address. */
  public static EndpointSlice slice(
      String name, String address, int port, boolean ready, boolean terminating) {
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("team-a")
        .withLabels(
            Map.of(
                "kubernetes.io/service-name", "chat-engine",
                "app.kubernetes.io/managed-by", "mistral-operator",
                "app.kubernetes.io/component", "engine"))
        .endMetadata()
        .withAddressType("IPv4")
        .addNewPort()
        .withName("http")
        .withPort(port)
        .withProtocol("TCP")
        .endPort()
        .addNewEndpoint()
        .withAddresses(address)
        .withNewConditions()
        .withReady(ready)
        .withServing(ready || terminating)
        .withTerminating(terminating)
        .endConditions()
        .endEndpoint()
        .build();
  }
}
