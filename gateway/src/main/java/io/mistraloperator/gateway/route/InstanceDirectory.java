package io.mistraloperator.gateway.route;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Ready instances of each Service. Read by many threads, written by one. */
public final class InstanceDirectory {
  private final List<Runnable> followers = new CopyOnWriteArrayList<>();
  private volatile Map<ServiceRef, List<Instance>> instances = Map.of();

  /** Replaces what is known, and tells it. */
  public void replace(Map<ServiceRef, List<Instance>> all) {
    instances = Map.copyOf(all);
    followers.forEach(Runnable::run);
  }

  /** Has {@code action} run each time that what is known has been replaced. */
  public void whenReplaced(Runnable action) {
    followers.add(action);
  }

  /** The instances that take requests now; empty when there is none. */
  public List<Instance> ready(ServiceRef service) {
    return instances.getOrDefault(service, List.of());
  }
}
