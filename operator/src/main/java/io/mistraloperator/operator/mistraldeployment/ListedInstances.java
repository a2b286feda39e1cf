package io.mistraloperator.operator.mistraldeployment;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Counts instances in EndpointSlices, as gateways do that send requests to them. */
final class ListedInstances {
  private ListedInstances() {}

  /** Addresses that are ready and not on their way out. */
  static int count(Stream<EndpointSlice> slices) {
    return (int)
        slices
            .flatMap(
                slice ->
                    Objects.requireNonNullElse(slice.getEndpoints(), List.<Endpoint>of()).stream())
            .filter(ListedInstances::takesRequests)
            .flatMap(endpoint -> endpoint.getAddresses().stream().limit(1))
            .distinct()
            .count();
  }

  /** The API reads an absent "ready" as true. */
  private static boolean takesRequests(Endpoint endpoint) {
    return Optional.ofNullable(endpoint.getConditions())
        .map(
            conditions ->
                !Boolean.FALSE.equals(conditions.getReady())
                    && !Boolean.TRUE.equals(conditions.getTerminating()))
        .orElse(true);
  }
}
