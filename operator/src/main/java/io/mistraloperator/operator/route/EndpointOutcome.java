package io.mistraloperator.operator.route;

import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.traffic.Split;
import java.util.Optional;

/** What became of the endpoint in one pass. */
public sealed interface EndpointOutcome {
  /** The deployment wants none. */
  record NotExposed() implements EndpointOutcome {}

  /** There is nothing to publish yet. */
  record Waiting() implements EndpointOutcome {}

  /**
   * The gateway knows it.
   *
   * @param keySecret Secret with the endpoint's keys
   * @param holder name of the other member whose {@code spec.keys} and {@code spec.auth} hold;
   *     empty where it is this one's
   * @param split how the members share requests; empty where nothing was decided in this pass
   */
  record Published(
      EndpointAddress address, String keySecret, Optional<String> holder, Optional<Split> split)
      implements EndpointOutcome {
    /** Where it is, and whose settings hold. */
    public String message() {
      return address.url()
          + holder.map(name -> "; spec.keys and spec.auth are those of " + name).orElse("");
    }
  }

  /** It cannot have the name that it wants. */
  sealed interface Refused extends EndpointOutcome {
    /** Why, as far as {@code project} may know, and the way out. */
    String message(String project);
  }

  /** Another endpoint of the region has the name. */
  record Taken(EndpointAddress address, Labels.Owner holder) implements Refused {
    @Override
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

  /**
   * The endpoint has as many deployments as it may (row D2.2).
   *
   * @param most that it may have
   */
  record Full(EndpointAddress address, int most) implements Refused {
    @Override
    public String message(String project) {
      return "the endpoint "
          + address.endpointName()
          + " has "
          + most
          + " deployments already, the most that one may have: delete one of them, or choose another"
          + " spec.endpointName in a new object";
    }
  }
}
