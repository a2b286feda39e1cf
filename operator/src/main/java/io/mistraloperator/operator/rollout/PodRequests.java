package io.mistraloperator.operator.rollout;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What the containers of a pod ask of a node, in the units of Kubernetes' quantities.
 *
 * @param amounts by resource
 */
record PodRequests(Map<String, BigDecimal> amounts) {
  static PodRequests of(PodSpec pod) {
    Map<String, BigDecimal> sum = new TreeMap<>();
    for (var container : pod.getContainers()) {
      var resources =
          Objects.requireNonNullElseGet(container.getResources(), ResourceRequirements::new);
      // The API server takes a limit for the request where there is none.
      Map<String, Quantity> requests =
          new TreeMap<>(Objects.requireNonNullElse(resources.getLimits(), Map.of()));
      requests.putAll(Objects.requireNonNullElse(resources.getRequests(), Map.of()));
      requests.forEach(
          (resource, quantity) ->
              sum.merge(resource, quantity.getNumericalAmount(), BigDecimal::add));
    }
    return new PodRequests(sum);
  }

  /** Whether it asks for no more than {@code other} of anything. */
  boolean within(PodRequests other) {
    return amounts.entrySet().stream()
        .allMatch(
            entry ->
                entry
                        .getValue()
                        .compareTo(other.amounts.getOrDefault(entry.getKey(), BigDecimal.ZERO))
                    <= 0);
  }
}
