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

/** Objects as the operator and Kubernetes write them. */
public final class ClusterObjects {
  private ClusterObjects() {}

  /** The route of an endpoint of project {@code team-a}. */
  public static InferenceRoute route(String namespace, String name, String key) {
    String digest = HexFormat.of().formatHex(Routes.digests(key).getFirst());
    InferenceRoute route = new InferenceRoute();
    route.setMetadata(new ObjectMetaBuilder().withName(name).withNamespace(namespace).build());
    route.setSpec(
        new InferenceRouteSpec(
            new InferenceRouteSpec.Owner("MistralDeployment", "team-a", name, "uid-1"),
            name,
            List.of(name + ".local.inference.localhost"),
            new InferenceRouteSpec.Model(
                "Mistral-Test",
                "MistralAI",
                MistralModelSpec.Task.ChatCompletions,
                MistralModelSpec.Tokenizer.V3Tekken,
                4096,
                new MistralModelSpec.Capabilities(true, true, false, true)),
            new InferenceRouteSpec.Backend(Engine.LlamaCpp, "team-a", "chat-engine", "m"),
            List.of(new InferenceRouteSpec.KeyDigest("primary", digest)),
            null,
            null,
            null));
    return route;
  }

  /** The same route with bounds of a request. */
  public static InferenceRoute limited(InferenceRoute route, RequestSettings settings) {
    InferenceRouteSpec spec = route.getSpec();
    route.setSpec(
        new InferenceRouteSpec(
            spec.owner(),
            spec.endpointName(),
            spec.hosts(),
            spec.model(),
            spec.backend(),
            spec.keys(),
            settings,
            spec.auth(),
            spec.hold()));
    return route;
  }

  /** The same route, its requests waiting while no instance is ready. */
  public static InferenceRoute holding(InferenceRoute route, InferenceRouteSpec.Hold hold) {
    InferenceRouteSpec spec = route.getSpec();
    route.setSpec(
        new InferenceRouteSpec(
            spec.owner(),
            spec.endpointName(),
            spec.hosts(),
            spec.model(),
            spec.backend(),
            spec.keys(),
            spec.requestSettings(),
            spec.auth(),
            hold));
    return route;
  }

  /** The same route for other credentials. */
  public static InferenceRoute authenticated(InferenceRoute route, EndpointAuth auth) {
    InferenceRouteSpec spec = route.getSpec();
    route.setSpec(
        new InferenceRouteSpec(
            spec.owner(),
            spec.endpointName(),
            spec.hosts(),
            spec.model(),
            spec.backend(),
            spec.keys(),
            spec.requestSettings(),
            auth,
            spec.hold()));
    return route;
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
