package io.mistraloperator.operator.route;

import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.api.InferenceRouteSpec;
import io.mistraloperator.api.InferenceRouteSpec.Deployment;
import io.mistraloperator.api.InferenceRouteSpec.KeyDigest;
import io.mistraloperator.operator.traffic.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The route of an endpoint as one of its members would have it: that member's own entry made anew,
 * those of the others as they wrote them, weights and mirrors as all of them ask.
 *
 * @param route to be written
 * @param split that it has
 */
record RouteDraft(InferenceRoute route, Split split) {

  /**
   * Makes a draft.
   *
   * @param existing the route as it is, of this endpoint
   * @param head the member whose name, keys and credentials hold
   * @param members all that there are, oldest first
   * @param entry the member's own; its weight and mirror do not matter
   */
  static RouteDraft of(
      Optional<InferenceRoute> existing,
      Member head,
      List<Member> members,
      Deployment entry,
      List<EndpointAddress> addresses,
      List<KeyDigest> keys,
      String keySecret,
      String platform) {
    List<Deployment> before = existing.map(route -> route.getSpec().served()).orElse(List.of());
    Map<String, Integer> inForce = existing.map(Routes::weights).orElse(Map.of());
    var split = Split.of(members.stream().map(Member::share).toList(), inForce);
    List<Deployment> entries = new ArrayList<>();
    for (Member member : members) {
      Stream.concat(Stream.of(entry), before.stream())
          .filter(candidate -> candidate.uid().equals(member.uid()))
          .findFirst()
          .map(found -> shared(found, split.weights().get(member.name()), member.mirror()))
          .ifPresent(entries::add);
    }
    var address = addresses.getFirst();
    return new RouteDraft(
        Routes.of(
            head.object(),
            platform,
            address.routeName(),
            new InferenceRouteSpec(
                Routes.owner(head.object()),
                head.endpointName(),
                addresses.stream().flatMap(each -> each.hosts().stream()).distinct().toList(),
                null,
                null,
                keys,
                null,
                head.auth().orElse(null),
                null,
                keySecret,
                entries)),
        split);
  }

  private static Deployment shared(Deployment entry, int weight, int mirror) {
    return new Deployment(
        entry.name(),
        entry.uid(),
        weight,
        mirror,
        entry.model(),
        entry.backend(),
        entry.requestSettings(),
        entry.hold());
  }
}
