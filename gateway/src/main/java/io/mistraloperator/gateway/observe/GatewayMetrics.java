package io.mistraloperator.gateway.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.mistraloperator.gateway.observe.RequestRecord.EndpointName;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Meters by project and endpoint. Requests for no known endpoint are counted under {@code unknown}.
 */
public final class GatewayMetrics {
  private static final EndpointName UNKNOWN = new EndpointName("unknown", "unknown", "");

  private final MeterRegistry registry;
  private final InstantSource clock;
  private final Map<EndpointName, EndpointMeters> endpoints = new ConcurrentHashMap<>();
  private final EndpointMeters unknown;

  /** Makes meters in {@code registry}. */
  public GatewayMetrics(MeterRegistry registry, InstantSource clock) {
    this.registry = registry;
    this.clock = clock;
    this.unknown = meters(UNKNOWN);
  }

  /** Has series for the endpoints that are {@code served}, and for no other. */
  public void retain(Set<EndpointName> served) {
    served.forEach(name -> endpoints.computeIfAbsent(name, this::meters));
    for (EndpointName name : Set.copyOf(endpoints.keySet())) {
      if (!served.contains(name)) {
        endpoints.remove(name).remove();
      }
    }
  }

  private EndpointMeters meters(EndpointName name) {
    return new EndpointMeters(registry, name, new EndpointLoad(clock));
  }

  /** The load of every endpoint that is served. */
  public Map<EndpointName, EndpointLoad.Reading> loads() {
    Map<EndpointName, EndpointLoad.Reading> loads = new HashMap<>();
    endpoints.forEach((name, meters) -> loads.put(name, meters.load().read()));
    return loads;
  }

  /** The meters of an endpoint. */
  public EndpointMeters of(EndpointName endpoint) {
    return endpoints.getOrDefault(endpoint, unknown);
  }

  /** The meters of requests that are for no known endpoint. */
  public EndpointMeters unknown() {
    return unknown;
  }
}
