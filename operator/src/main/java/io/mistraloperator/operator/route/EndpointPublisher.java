package io.mistraloperator.operator.route;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mistraloperator.api.EndpointAuth;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.api.InferenceRouteSpec.Backend;
import io.mistraloperator.api.InferenceRouteSpec.Hold;
import io.mistraloperator.api.RequestSettings;
import io.mistraloperator.operator.catalogue.Model;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.keys.KeySecret.Revisions;
import io.mistraloperator.operator.keys.KeySecrets;
import io.mistraloperator.operator.kube.Names;
import io.mistraloperator.operator.route.RouteBook.Claim;
import io.mistraloperator.operator.tls.TlsAuthority;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Gives an object its endpoint: keys, and the route by which the gateway knows it. */
@Singleton
public class EndpointPublisher {
  private final OperatorConfig config;
  private final KeySecrets keys;
  private final RouteBook routes;
  private final TlsAuthority tls;

  public EndpointPublisher(
      OperatorConfig config, KeySecrets keys, RouteBook routes, TlsAuthority tls) {
    this.config = config;
    this.keys = keys;
    this.routes = routes;
    this.tls = tls;
  }

  /**
   * What is to be published.
   *
   * @param owner the endpoint's object
   * @param endpointName name in the URL
   * @param revisions wanted revisions of the keys
   * @param model what is served
   * @param contextLength tokens of one request
   * @param backend where the instances are
   * @param requestSettings bounds of one request as the project wrote them
   * @param auth accepted credentials as the project wrote them
   * @param hold how requests wait while there is no instance; absent where there always is one
   */
  public record Endpoint(
      HasMetadata owner,
      String endpointName,
      Revisions revisions,
      Model model,
      int contextLength,
      Backend backend,
      Optional<RequestSettings> requestSettings,
      Optional<EndpointAuth> auth,
      Optional<Hold> hold) {}

  /** Where the endpoint of an object is. */
  public EndpointAddress address(HasMetadata owner, String endpointName) {
    return EndpointAddress.of(
        endpointName, owner.getMetadata().getNamespace(), owner.getMetadata().getName(), config);
  }

  /**
   * Publishes an endpoint, unless its name is taken.
   *
   * @param observed the cached route of that name, whoever has it
   * @param witness the cached object that goes with the key Secret
   */
  public EndpointOutcome publish(
      Endpoint endpoint, Optional<InferenceRoute> observed, Optional<ConfigMap> witness) {
    var owner = endpoint.owner();
    var address = address(owner, endpoint.endpointName());
    String secret = Names.keys(owner.getMetadata().getName());
    var digests =
        keys.ensure(
            owner,
            secret,
            endpoint.revisions(),
            address.url(),
            tls.bundleFor(owner.getMetadata().getNamespace()),
            witness);
    var route =
        Routes.route(
            owner,
            config.namespace(),
            address,
            endpoint.model(),
            endpoint.contextLength(),
            endpoint.backend(),
            digests,
            endpoint.requestSettings(),
            endpoint.auth(),
            endpoint.hold());
    return switch (routes.claim(owner, route, observed)) {
      case Claim.Held held -> new EndpointOutcome.Published(address, secret);
      case Claim.Taken taken -> new EndpointOutcome.Taken(address, taken.holder());
    };
  }

  /** What is published already, when nothing new is to be. */
  public EndpointOutcome asItIs(
      HasMetadata owner, String endpointName, Optional<InferenceRoute> observed) {
    return observed.filter(route -> Routes.belongsTo(route, owner)).isPresent()
        ? new EndpointOutcome.Published(
            address(owner, endpointName), Names.keys(owner.getMetadata().getName()))
        : new EndpointOutcome.Waiting();
  }

  /** Takes an endpoint back that is no longer wanted. */
  public EndpointOutcome withdraw(HasMetadata owner, Optional<InferenceRoute> observed) {
    observed.filter(route -> Routes.belongsTo(route, owner)).ifPresent(routes::delete);
    return new EndpointOutcome.NotExposed();
  }
}
