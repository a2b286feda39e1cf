package io.mistraloperator.operator.mistraldeployment;

import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralDeploymentStatus;
import io.mistraloperator.operator.keys.KeySecret.Revisions;
import io.mistraloperator.operator.route.Member;
import io.mistraloperator.operator.route.Routes;
import io.mistraloperator.operator.traffic.Share;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Deployments of one project that name the same endpoint (row D2.2). */
final class Sharing {
  private static final Comparator<MistralDeployment> BY_AGE =
      Comparator.comparing((MistralDeployment one) -> one.getMetadata().getCreationTimestamp())
          .thenComparing(one -> one.getMetadata().getName());

  private Sharing() {}

  /** Name of the route of a deployment's endpoint. */
  static String routeName(MistralDeployment deployment) {
    return Exposure.endpointName(deployment).toLowerCase(Locale.ROOT);
  }

  /** All that share the endpoint of {@code deployment}, itself among them, oldest first. */
  static List<MistralDeployment> of(
      MistralDeployment deployment, IndexedResourceCache<MistralDeployment> cache) {
    // The cache may have an older or newer version of the one that the pass is about.
    return Stream.concat(Stream.of(deployment), others(deployment, cache)).sorted(BY_AGE).toList();
  }

  /** Those for whom it matters what becomes of {@code deployment}. */
  static Stream<ResourceID> siblings(
      MistralDeployment deployment, IndexedResourceCache<MistralDeployment> cache) {
    return others(deployment, cache).map(ResourceID::fromResource);
  }

  private static Stream<MistralDeployment> others(
      MistralDeployment deployment, IndexedResourceCache<MistralDeployment> cache) {
    String route = routeName(deployment);
    return cache.list(
        deployment.getMetadata().getNamespace(),
        other ->
            !other.getMetadata().getUid().equals(deployment.getMetadata().getUid())
                && !other.isMarkedForDeletion()
                && DesiredState.isExposed(other)
                && routeName(other).equals(route));
  }

  /** Whether the Service of a deployment's name is that of an endpoint which others share. */
  static boolean namesEndpoint(MistralDeployment deployment, Observation observation) {
    String route = routeName(deployment);
    return deployment.getMetadata().getName().equals(route)
        && Routes.hasService(observation.route(), deployment, observation.sharing().size(), route);
  }

  /** Whether siblings have to look again after a change of a deployment. */
  static boolean matters(MistralDeployment now, MistralDeployment before) {
    return !Objects.equals(now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
        || now.isMarkedForDeletion() != before.isMarkedForDeletion()
        || ready(now) > 0 != ready(before) > 0;
  }

  /**
   * The members of an endpoint.
   *
   * @param self the one that a pass is about
   * @param ready its instances that answer, newer than in its status
   */
  static List<Member> members(List<MistralDeployment> sharing, MistralDeployment self, int ready) {
    return sharing.stream().map(one -> member(one, one == self ? ready : ready(one))).toList();
  }

  private static Member member(MistralDeployment one, int ready) {
    var spec = one.getSpec();
    return new Member(
        one,
        Exposure.endpointName(one),
        Revisions.of(spec.keys()),
        Optional.ofNullable(spec.auth()),
        new Share(
            one.getMetadata().getName(),
            Optional.ofNullable(spec.traffic()),
            ready > 0 || Exposure.hold(one).isPresent()),
        Objects.requireNonNullElse(spec.mirror(), 0));
  }

  private static int ready(MistralDeployment one) {
    return Optional.ofNullable(one.getStatus())
        .map(MistralDeploymentStatus::instances)
        .map(MistralDeploymentStatus.Instances::ready)
        .orElse(0);
  }
}
