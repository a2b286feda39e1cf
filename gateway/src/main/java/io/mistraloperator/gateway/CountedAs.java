package io.mistraloperator.gateway;

import io.mistraloperator.gateway.observe.RequestRecord.EndpointName;
import io.mistraloperator.gateway.route.Deployment;
import io.mistraloperator.gateway.route.Route;
import java.util.stream.Stream;

/** Names under which requests are counted. */
public final class CountedAs {
  private static final String NONE = "";

  private CountedAs() {}

  /** All names under which requests to a route are counted. */
  public static Stream<EndpointName> all(Route route) {
    return Stream.concat(
        Stream.of(undecided(route)),
        route.deployments().stream().map(deployment -> of(route, deployment)));
  }

  /** A request to a route that came to no deployment of it. */
  public static EndpointName undecided(Route route) {
    return new EndpointName(route.project(), route.endpoint(), NONE);
  }

  /** A request to one deployment of a route. */
  public static EndpointName of(Route route, Deployment deployment) {
    return new EndpointName(route.project(), route.endpoint(), deployment.name());
  }
}
