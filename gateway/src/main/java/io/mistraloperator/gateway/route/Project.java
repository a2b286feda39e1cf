package io.mistraloperator.gateway.route;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The endpoints of one project, as its unified endpoint knows them.
 *
 * @param name of the namespace, in lower case; there may be no such project
 * @param endpoints by endpoint name in lower case; empty when the project has none
 */
public record Project(String name, Map<String, Route> endpoints) {
  /** Takes a copy of the map. */
  public Project {
    endpoints = Map.copyOf(endpoints);
  }

  /** Every endpoint, in no order. */
  public List<Route> routes() {
    return List.copyOf(endpoints.values());
  }

  /** The endpoint of this name, in any case. */
  public Optional<Route> named(String endpoint) {
    return Optional.ofNullable(endpoints.get(endpoint.toLowerCase(Locale.ROOT)));
  }
}
