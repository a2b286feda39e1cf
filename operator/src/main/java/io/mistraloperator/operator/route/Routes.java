package io.mistraloperator.operator.route;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.api.InferenceRouteSpec;
import io.mistraloperator.api.InferenceRouteSpec.Deployment;
import io.mistraloperator.api.InferenceRouteSpec.Owner;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.kube.Names;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes routes, and reads what they say of their members. */
public final class Routes {
  private static final String SHARING_KIND = "MistralDeployment";

  private Routes() {}

  /** A route with this head, labelled so that its owner is found. */
  static InferenceRoute of(
      HasMetadata head, String namespace, String name, InferenceRouteSpec spec) {
    var route = new InferenceRoute();
    route.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withNamespace(namespace)
            .withLabels(Labels.of(head, Labels.ENDPOINT))
            .build());
    route.setSpec(spec);
    return route;
  }

  /** How a route names an object as its owner. */
  static Owner owner(HasMetadata object) {
    return new Owner(
        object.getKind(),
        object.getMetadata().getNamespace(),
        object.getMetadata().getName(),
        object.getMetadata().getUid());
  }

  /** Whether a route has an object as its owner, or as one of its deployments. */
  public static boolean names(InferenceRoute route, String uid) {
    return members(route).stream().anyMatch(member -> member.uid().equals(uid));
  }

  /**
   * Whether an object may be, or is, one of those behind a route: deployments of one project share
   * an endpoint, nothing else does (row A6.2).
   */
  static boolean admits(InferenceRoute route, HasMetadata object) {
    var holder = RouteBook.holder(route);
    return holder.uid().equals(object.getMetadata().getUid())
        || holder.kind().equals(SHARING_KIND)
            && object.getKind().equals(SHARING_KIND)
            && holder.namespace().equals(object.getMetadata().getNamespace());
  }

  /** The owner of a route, and its deployments as owners. */
  static List<Labels.Owner> members(InferenceRoute route) {
    var holder = RouteBook.holder(route);
    var spec = Optional.ofNullable(route.getSpec());
    return Stream.concat(
            Stream.of(holder),
            spec.map(InferenceRouteSpec::served).orElse(List.of()).stream()
                .map(
                    deployment ->
                        new Labels.Owner(
                            holder.kind(),
                            holder.namespace(),
                            deployment.name(),
                            deployment.uid())))
        .distinct()
        .toList();
  }

  /**
   * Whether an endpoint has a Service of its own in its project, beside those of its members: from
   * its second member on, and then for good, since applications may call it by that name.
   */
  public static boolean hasService(
      Optional<InferenceRoute> observed, HasMetadata member, int members, String routeName) {
    String host = routeName + "." + member.getMetadata().getNamespace() + ".svc";
    return members > 1
        || !routeName.equals(member.getMetadata().getName())
            && observed
                .filter(route -> admits(route, member))
                .filter(route -> route.getSpec().hosts().contains(host))
                .isPresent();
  }

  /** The weights that a route has in force, by name of the deployment. */
  static Map<String, Integer> weights(InferenceRoute route) {
    return route.getSpec().served().stream()
        .collect(Collectors.toMap(Deployment::name, Deployment::weight, (one, other) -> one));
  }

  /**
   * The Secret with the keys of an endpoint: named after it, so that the name is the same whichever
   * member came first; the one that a route names already is kept.
   *
   * @param observed the route of that name, whoever has it
   * @param owner a member of the endpoint
   */
  public static String keySecret(
      Optional<InferenceRoute> observed, HasMetadata owner, String routeName) {
    return observed
        .filter(route -> admits(route, owner))
        .map(Routes::keySecret)
        .orElseGet(() -> Names.keys(routeName));
  }

  /** The Secret that a route names; earlier operators named it after the owner. */
  static String keySecret(InferenceRoute route) {
    return Optional.ofNullable(route.getSpec().keySecret())
        .orElseGet(() -> Names.keys(RouteBook.holder(route).name()));
  }
}
