package io.mistraloperator.operator.route;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.kube.ApiErrors;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.kube.LivingOwners;
import jakarta.inject.Singleton;
import java.util.Objects;
import java.util.Optional;

/**
 * The routes of the region. Making one is a plain create, so that the API server decides who gets a
 * name that two want at once; changes carry the version that they are about.
 */
@Singleton
public class RouteBook {
  private final KubernetesClient client;
  private final OperatorConfig config;
  private final LivingOwners owners;

  public RouteBook(KubernetesClient client, OperatorConfig config, LivingOwners owners) {
    this.client = client;
    this.config = config;
    this.owners = owners;
  }

  /** Whether the endpoint has its name. */
  public sealed interface Claim {
    /** It has. */
    record Held(InferenceRoute route) implements Claim {}

    /** Somebody else has it. */
    record Taken(Labels.Owner holder) implements Claim {}
  }

  /**
   * Makes or changes a route, unless a living owner other than {@code owner} has the name.
   *
   * @param owner the endpoint's object
   * @param desired its route
   * @param observed the cached route of that name
   */
  public Claim claim(HasMetadata owner, InferenceRoute desired, Optional<InferenceRoute> observed) {
    return observed
        .map(existing -> adjust(owner, desired, existing))
        .orElseGet(() -> create(owner, desired));
  }

  /** Removes the route if it is that of {@code owner}. */
  public void release(HasMetadata owner, String routeName) {
    Optional.ofNullable(byName(routeName))
        .filter(route -> Routes.belongsTo(route, owner))
        .ifPresent(this::delete);
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

  private Claim create(HasMetadata owner, InferenceRoute desired) {
    try {
      return new Claim.Held(client.resource(desired).create());
    } catch (KubernetesClientException e) {
      if (!ApiErrors.conflict(e)) {
        throw e;
      }
      var existing = byName(desired.getMetadata().getName());
      if (existing == null) {
        throw e;
      }
      return adjust(owner, desired, existing);
    }
  }

  private Claim adjust(HasMetadata owner, InferenceRoute desired, InferenceRoute existing) {
    if (!Routes.belongsTo(existing, owner)) {
      var holder = holder(existing);
      if (owners.isAlive(holder)) {
        return new Claim.Taken(holder);
      }
    } else if (Objects.equals(existing.getSpec(), desired.getSpec())
        && Objects.equals(existing.getMetadata().getLabels(), desired.getMetadata().getLabels())) {
      return new Claim.Held(existing);
    }
    desired.getMetadata().setResourceVersion(existing.getMetadata().getResourceVersion());
    try {
      return new Claim.Held(client.resource(desired).lockResourceVersion().update());
    } catch (KubernetesClientException e) {
      if (!ApiErrors.notFound(e)) {
        throw e;
      }
      desired.getMetadata().setResourceVersion(null);
      return new Claim.Held(client.resource(desired).create());
    }
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
