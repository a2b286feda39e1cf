package io.mistraloperator.operator.route;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.mistraloperator.api.EndpointAuth;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.api.InferenceRouteSpec;
import io.mistraloperator.api.InferenceRouteSpec.Backend;
import io.mistraloperator.api.InferenceRouteSpec.Hold;
import io.mistraloperator.api.InferenceRouteSpec.KeyDigest;
import io.mistraloperator.api.InferenceRouteSpec.Owner;
import io.mistraloperator.api.RequestSettings;
import io.mistraloperator.operator.catalogue.Model;
import io.mistraloperator.operator.kube.Labels;
import java.util.List;
import java.util.Optional;

/** Makes routes. */
public final class Routes {
  private Routes() {}

  /**
   * The route of an endpoint.
   *
   * @param owner the endpoint's object
   * @param namespace the platform namespace
   * @param address where applications find it
   * @param model what it serves
   * @param contextLength tokens of one request, as the engine was planned
   * @param backend where the instances are
   * @param keys digests of the accepted keys
   * @param requestSettings bounds of one request as the project wrote them
   * @param auth accepted credentials as the project wrote them
   * @param hold how requests wait while there is no instance; absent where there always is one
   */
  public static InferenceRoute route(
      HasMetadata owner,
      String namespace,
      EndpointAddress address,
      Model model,
      int contextLength,
      Backend backend,
      List<KeyDigest> keys,
      Optional<RequestSettings> requestSettings,
      Optional<EndpointAuth> auth,
      Optional<Hold> hold) {
    var route = new InferenceRoute();
    route.setMetadata(
        new ObjectMetaBuilder()
            .withName(address.routeName())
            .withNamespace(namespace)
            .withLabels(Labels.of(owner, Labels.ENDPOINT))
            .build());
    route.setSpec(
        new InferenceRouteSpec(
            new Owner(
                owner.getKind(),
                owner.getMetadata().getNamespace(),
                owner.getMetadata().getName(),
                owner.getMetadata().getUid()),
            address.endpointName(),
            address.hosts(),
            new InferenceRouteSpec.Model(
                model.id(),
                model.provider(),
                model.task(),
                model.tokenizer(),
                contextLength,
                model.capabilities()),
            backend,
            keys,
            requestSettings.orElse(null),
            auth.orElse(null),
            hold.orElse(null)));
    return route;
  }

  /** Whether a route is that of {@code owner}. */
  public static boolean belongsTo(InferenceRoute route, HasMetadata owner) {
    return route.getSpec() != null
        && route.getSpec().owner() != null
        && owner.getMetadata().getUid().equals(route.getSpec().owner().uid());
  }
}
