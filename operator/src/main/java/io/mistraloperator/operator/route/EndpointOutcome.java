package io.mistraloperator.operator.route;

import io.mistraloperator.operator.kube.Labels;

/** What became of the endpoint in one pass. */
public sealed interface EndpointOutcome {
  /** The deployment wants none. */
  record NotExposed() implements EndpointOutcome {}

  /** There is nothing to publish yet. */
  record Waiting() implements EndpointOutcome {}

  /** The gateway knows it. */
  record Published(EndpointAddress address, String keySecret) implements EndpointOutcome {}

  /** Another endpoint of the region has the name. */
  record Taken(EndpointAddress address, Labels.Owner holder) implements EndpointOutcome {
    /** Who has it, as far as the project may know. */
    public String message(String project) {
      return "the endpoint name "
          + address.endpointName()
          + " is taken in this region"
          + (holder.namespace().equals(project)
              ? " by " + holder.kind() + " " + holder.name() + " of this project"
              : "")
          + ": choose another spec.endpointName in a new object, or wait until it is free";
    }
  }
}
