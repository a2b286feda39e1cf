package io.mistraloperator.gateway.route;

import java.util.List;
import java.util.Map;

/** Ready instances of each Service. Read by many threads, written by one. */
public final class InstanceDirectory {
  private volatile Map<ServiceRef, List<Instance>> instances = Map.of();

  /** Replaces what is known. */
  public void replace(Map<ServiceRef, List<Instance>> all) {
    instances = Map.copyOf(all);
  }

  /** The instances that take requests now; empty when there is none. */
  public List<Instance> ready(ServiceRef service) {
    return instances.getOrDefault(service, List.of());
  }
}
