package io.mistraloperator.operator.route;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.api.InferenceRouteSpec;
import io.mistraloperator.api.InferenceRouteSpec.Backend;
import io.mistraloperator.api.InferenceRouteSpec.Deployment;
import io.mistraloperator.api.InferenceRouteSpec.Hold;
import io.mistraloperator.api.InferenceRouteSpec.KeyDigest;
import io.mistraloperator.api.RequestSettings;
import io.mistraloperator.operator.catalogue.Model;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.keys.KeySecrets;
import io.mistraloperator.operator.kube.Applier;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.route.RouteBook.Claim;
import io.mistraloperator.operator.tls.TlsAuthority;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Gives objects their endpoint: keys, and the route by which the gateway knows it. */
@Singleton
public class EndpointPublisher {
  /** Row D2.2. */
  private static final int MOST_MEMBERS = 20;

  private final OperatorConfig config;
  private final KeySecrets keys;
  private final RouteBook routes;
  private final TlsAuthority tls;
  private final Applier applier;

  public EndpointPublisher(
      OperatorConfig config, KeySecrets keys, RouteBook routes, TlsAuthority tls, Applier applier) {
    this.config = config;
    this.keys = keys;
    this.routes = routes;
    this.tls = tls;
    this.applier = applier;
  }

  /**
   * What is to be published.
   *
   * @param owner the object whose part of the endpoint this is
   * @param endpointName name in the URL
   * @param model what is served
   * @param contextLength tokens of one request
   * @param backend where the instances are
   * @param requestSettings bounds of one request as the project wrote them
   * @param hold how requests wait while there is no instance; absent where there always is one
   * @param members all objects of the endpoint, oldest first, {@code owner} among them
   */
  public record Endpoint(
      HasMetadata owner,
      String endpointName,
      Model model,
      int contextLength,
      Backend backend,
      Optional<RequestSettings> requestSettings,
      Optional<Hold> hold,
      List<Member> members) {
    private Deployment entry() {
      return new Deployment(
          owner.getMetadata().getName(),
          owner.getMetadata().getUid(),
          0,
          0,
          new InferenceRouteSpec.Model(
              model.id(),
              model.provider(),
              model.task(),
              model.tokenizer(),
              contextLength,
              model.capabilities()),
          backend,
          requestSettings.orElse(null),
          hold.orElse(null));
    }
  }

  /** Where the endpoint of an object is. */
  public EndpointAddress address(HasMetadata owner, String endpointName) {
    return EndpointAddress.of(
        endpointName, owner.getMetadata().getNamespace(), owner.getMetadata().getName(), config);
  }

  /**
   * Publishes a part of an endpoint, unless the endpoint's name is taken.
   *
   * @param observed the cached route of that name, whoever has it
   * @param witness the cached object that goes with the key Secret
   */
  public EndpointOutcome publish(
      Endpoint endpoint, Optional<InferenceRoute> observed, Optional<ConfigMap> witness) {
    var owner = endpoint.owner();
    var address = address(owner, endpoint.endpointName());
    var stranger = observed.flatMap(route -> routes.stranger(owner, route));
    if (stranger.isPresent()) {
      return new EndpointOutcome.Taken(address, stranger.get());
    }
    var members = endpoint.members().stream().limit(MOST_MEMBERS).toList();
    if (members.stream().noneMatch(member -> isOf(member, owner))) {
      return new EndpointOutcome.Full(address, MOST_MEMBERS);
    }
    var head = head(members, observed);
    var owners = owners(head, members);
    String secret = Routes.keySecret(observed, owner, address.routeName());
    var digests = keys(endpoint, head, owners, secret, witness);
    var common = common(endpoint, observed, owners);
    var addresses =
        Stream.concat(
                common.stream(),
                members.stream().map(member -> address(member.object(), head.endpointName())))
            .toList();
    var claim =
        routes.claim(
            owner,
            observed,
            existing ->
                RouteDraft.of(
                    existing,
                    head,
                    members,
                    endpoint.entry(),
                    addresses,
                    digests,
                    secret,
                    config.namespace()));
    return switch (claim) {
      case Claim.Held(RouteDraft written) ->
          new EndpointOutcome.Published(
              common.orElse(address),
              secret,
              Optional.of(head).filter(first -> !isOf(first, owner)).map(Member::name),
              Optional.of(written.split()));
      case Claim.Taken(Labels.Owner holder) -> new EndpointOutcome.Taken(address, holder);
    };
  }

  /**
   * Where applications in the cluster find an endpoint of several members, whichever of them is
   * there; empty where it is its only member's own address.
   */
  private Optional<EndpointAddress> common(
      Endpoint endpoint, Optional<InferenceRoute> observed, List<HasMetadata> owners) {
    var owner = endpoint.owner();
    String name = address(owner, endpoint.endpointName()).routeName();
    if (!Routes.hasService(observed, owner, owners.size(), name)) {
      return Optional.empty();
    }
    applier.apply(owner, EndpointService.of(owners, name, config), Optional.empty());
    return Optional.of(
        EndpointAddress.of(
            endpoint.endpointName(), owner.getMetadata().getNamespace(), name, config));
  }

  /** The objects of all members, the head's first. */
  private static List<HasMetadata> owners(Member head, List<Member> members) {
    return Stream.concat(
            Stream.of(head), members.stream().filter(member -> !isOf(member, head.object())))
        .map(Member::object)
        .toList();
  }

  private List<KeyDigest> keys(
      Endpoint endpoint,
      Member head,
      List<HasMetadata> owners,
      String secret,
      Optional<ConfigMap> witness) {
    return keys.ensure(
        endpoint.owner(),
        owners,
        secret,
        head.revisions(),
        address(head.object(), head.endpointName()).url(),
        tls.bundleFor(endpoint.owner().getMetadata().getNamespace()),
        witness);
  }

  /** Who has the endpoint keeps it; when it goes, the oldest is next. */
  private static Member head(List<Member> members, Optional<InferenceRoute> observed) {
    return members.stream()
        .filter(
            member ->
                observed
                    .map(route -> RouteBook.holder(route).uid().equals(member.uid()))
                    .orElse(false))
        .findFirst()
        .orElseGet(members::getFirst);
  }

  private static boolean isOf(Member member, HasMetadata object) {
    return member.uid().equals(object.getMetadata().getUid());
  }

  /** What is published already, when nothing new is to be. */
  public EndpointOutcome asItIs(
      HasMetadata owner, String endpointName, Optional<InferenceRoute> observed) {
    return observed
        .filter(route -> Routes.names(route, owner.getMetadata().getUid()))
        .<EndpointOutcome>map(
            route ->
                new EndpointOutcome.Published(
                    address(owner, endpointName),
                    Routes.keySecret(route),
                    Optional.empty(),
                    Optional.empty()))
        .orElseGet(EndpointOutcome.Waiting::new);
  }

  /** Takes an object's part of an endpoint back that is no longer wanted. */
  public EndpointOutcome withdraw(HasMetadata owner, Optional<InferenceRoute> observed) {
    observed.ifPresent(route -> routes.leave(route, owner));
    return new EndpointOutcome.NotExposed();
  }
}
