package io.mistraloperator.operator.route;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.api.InferenceRouteSpec;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.kube.ApiErrors;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.kube.LivingOwners;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The routes of the region. Making one is a plain create, so that the API server decides who gets a
 * name that two want at once; changes carry the version that they are about.
 */
@Singleton
public class RouteBook {
  private static final Logger LOG = Logger.getLogger(RouteBook.class);
  private static final int MOST_ATTEMPTS = 5;

  private final KubernetesClient client;
  private final OperatorConfig config;
  private final LivingOwners owners;
  private final RouteReaders readers;

  public RouteBook(
      KubernetesClient client, OperatorConfig config, LivingOwners owners, RouteReaders readers) {
    this.client = client;
    this.config = config;
    this.owners = owners;
    this.readers = readers;
  }

  /** Whether the endpoint has its name. */
  sealed interface Claim {
    /** It has. */
    record Held(RouteDraft written) implements Claim {}

    /** Somebody else has it. */
    record Taken(Labels.Owner holder) implements Claim {}
  }

  /**
   * Makes or changes a route, and waits for gateways to serve it so, unless living objects that do
   * not share an endpoint with {@code owner} have the name.
   *
   * @param owner one of the endpoint's objects
   * @param observed the cached route of that name
   * @param draft its route, given the one that it shares; may be asked several times
   */
  Claim claim(
      HasMetadata owner,
      Optional<InferenceRoute> observed,
      Function<Optional<InferenceRoute>, RouteDraft> draft) {
    return observed
        .map(existing -> adjust(owner, existing, draft))
        .orElseGet(() -> create(owner, draft));
  }

  /** Who has a name that {@code owner} does not share; empty when nobody does who still exists. */
  Optional<Labels.Owner> stranger(HasMetadata owner, InferenceRoute existing) {
    return Routes.admits(existing, owner)
        ? Optional.empty()
        : Routes.members(existing).stream().filter(owners::isAlive).findFirst();
  }

  /** Takes an object that is gone out of the route of this name, or the route with its last one. */
  public void release(HasMetadata gone, String routeName) {
    Optional.ofNullable(byName(routeName)).ifPresent(route -> leave(route, gone));
  }

  /** Takes an object out of a route if it is one of those behind it. */
  void leave(InferenceRoute route, HasMetadata gone) {
    String uid = gone.getMetadata().getUid();
    if (Routes.names(route, uid)) {
      keepOnly(
          route,
          Routes.members(route).stream()
              .filter(member -> !member.uid().equals(uid) && owners.isAlive(member))
              .toList());
    }
  }

  /**
   * Takes out of a route whoever is gone; nothing is written where all are there.
   *
   * @param uids of all that were there after the route was read
   */
  public void sweep(InferenceRoute route, Set<String> uids) {
    var members = Routes.members(route);
    var living = members.stream().filter(member -> uids.contains(member.uid())).toList();
    if (living.size() < members.size()) {
      LOG.infof("Route %s has members that are gone", route.getMetadata().getName());
      keepOnly(route, living);
    }
  }

  /** Keys, name and the weights in force stay; the next member is the owner of the rest. */
  private void keepOnly(InferenceRoute route, List<Labels.Owner> living) {
    var spec = route.getSpec();
    if (living.isEmpty() || spec == null) {
      delete(route);
      return;
    }
    var next = living.getFirst();
    Set<String> uids = living.stream().map(Labels.Owner::uid).collect(Collectors.toSet());
    var rest = spec.served().stream().filter(entry -> uids.contains(entry.uid())).toList();
    var changed = new InferenceRoute();
    changed.setMetadata(
        new ObjectMetaBuilder(route.getMetadata())
            .withLabels(Labels.of(next, Labels.ENDPOINT))
            .build());
    changed.setSpec(
        new InferenceRouteSpec(
            new InferenceRouteSpec.Owner(next.kind(), next.namespace(), next.name(), next.uid()),
            spec.endpointName(),
            spec.hosts(),
            null,
            null,
            spec.keys(),
            null,
            spec.auth(),
            null,
            Routes.keySecret(route),
            rest.isEmpty() ? null : rest));
    try {
      client.resource(changed).lockResourceVersion().update();
    } catch (KubernetesClientException e) {
      // Another pass was faster, and has seen at least as much.
      if (!ApiErrors.notFound(e) && !ApiErrors.conflict(e)) {
        throw e;
      }
    }
  }

  /** Removes exactly this version of a route. */
  public void delete(InferenceRoute route) {
    try {
      client.resource(route).lockResourceVersion().delete();
    } catch (KubernetesClientException e) {
      if (!ApiErrors.notFound(e) && !ApiErrors.conflict(e)) {
        throw e;
      }
    }
  }

  private Claim create(HasMetadata owner, Function<Optional<InferenceRoute>, RouteDraft> draft) {
    var fresh = draft.apply(Optional.empty());
    try {
      readers.await(client.resource(fresh.route()).create());
      return new Claim.Held(fresh);
    } catch (KubernetesClientException e) {
      if (!ApiErrors.conflict(e)) {
        throw e;
      }
      var existing = byName(fresh.route().getMetadata().getName());
      if (existing == null) {
        throw e;
      }
      return adjust(owner, existing, draft);
    }
  }

  private Claim adjust(
      HasMetadata owner,
      InferenceRoute known,
      Function<Optional<InferenceRoute>, RouteDraft> draft) {
    var existing = known;
    for (int attempt = 1; ; attempt++) {
      var stranger = stranger(owner, existing);
      if (stranger.isPresent()) {
        return new Claim.Taken(stranger.get());
      }
      var desired = draft.apply(Optional.of(existing).filter(own -> Routes.admits(own, owner)));
      if (same(existing, desired.route())) {
        return new Claim.Held(desired);
      }
      desired.route().getMetadata().setResourceVersion(existing.getMetadata().getResourceVersion());
      try {
        readers.await(client.resource(desired.route()).lockResourceVersion().update());
        return new Claim.Held(desired);
      } catch (KubernetesClientException e) {
        if (ApiErrors.notFound(e)) {
          return create(owner, draft);
        }
        // Members of one endpoint write the same route; each has to see what the other wrote.
        var newer = byName(existing.getMetadata().getName());
        if (!ApiErrors.conflict(e) || newer == null || attempt == MOST_ATTEMPTS) {
          throw e;
        }
        existing = newer;
      }
    }
  }

  private static boolean same(InferenceRoute existing, InferenceRoute desired) {
    return Objects.equals(existing.getSpec(), desired.getSpec())
        && Objects.equals(existing.getMetadata().getLabels(), desired.getMetadata().getLabels());
  }

  private InferenceRoute byName(String name) {
    return client
        .resources(InferenceRoute.class)
        .inNamespace(config.namespace())
        .withName(name)
        .get();
  }

  /** Who holds a route, by its spec. */
  public static Labels.Owner holder(InferenceRoute route) {
    return Optional.ofNullable(route.getSpec())
        .flatMap(spec -> Optional.ofNullable(spec.owner()))
        .map(owner -> new Labels.Owner(owner.kind(), owner.namespace(), owner.name(), owner.uid()))
        .orElseGet(() -> new Labels.Owner("", "", "", ""));
  }
}
