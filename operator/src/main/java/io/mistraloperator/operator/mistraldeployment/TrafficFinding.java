package io.mistraloperator.operator.mistraldeployment;

import io.mistraloperator.operator.kube.Conditions.Truth;
import io.mistraloperator.operator.kube.Finding;
import io.mistraloperator.operator.route.EndpointOutcome;
import io.mistraloperator.operator.route.EndpointOutcome.Published;
import io.mistraloperator.operator.traffic.Split;
import io.mistraloperator.operator.traffic.Split.Standing;
import java.util.Optional;

/** Says in a condition how the deployments of an endpoint share its requests (row D2.4). */
final class TrafficFinding {
  /** Type of the condition. */
  static final String TRAFFIC_VALID = "TrafficValid";

  private TrafficFinding() {}

  /** The condition; empty where nothing is shared. */
  static Optional<Finding> of(EndpointOutcome endpoint) {
    return split(endpoint)
        .filter(split -> split.standing() != Standing.OnlyDeployment)
        .map(
            split ->
                new Finding(
                    split.asWanted() ? Truth.True : Truth.False,
                    split.standing(),
                    split.message()));
  }

  /** Percent of the endpoint's requests that a deployment answers; empty without an endpoint. */
  static Optional<Integer> percent(EndpointOutcome endpoint, String deployment) {
    return split(endpoint).map(split -> split.percentOf(deployment));
  }

  /** Whether it is shared as it was, since nothing was decided in this pass. */
  static boolean isUndecided(EndpointOutcome endpoint) {
    return endpoint instanceof Published published && published.split().isEmpty();
  }

  private static Optional<Split> split(EndpointOutcome endpoint) {
    return endpoint instanceof Published published ? published.split() : Optional.empty();
  }
}
