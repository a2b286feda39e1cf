package io.mistraloperator.gateway.hold;

import io.mistraloperator.gateway.route.Instance;
import io.mistraloperator.gateway.route.InstanceDirectory;
import io.mistraloperator.gateway.route.Route;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The queues of all endpoints, within bounds of the process. Thread-safe. */
public final class WaitingRoom {
  private final Vertx vertx;
  private final InstanceDirectory instances;
  private final Budget budget;
  private final Map<String, EndpointQueue> queues = new ConcurrentHashMap<>();
  private volatile boolean draining;

  /**
   * Makes a room that follows {@code instances}.
   *
   * @param requests that wait at most, for all endpoints together
   * @param bytes that their bodies have at most
   */
  public WaitingRoom(Vertx vertx, InstanceDirectory instances, int requests, long bytes) {
    this.vertx = vertx;
    this.instances = instances;
    this.budget = new Budget(requests, bytes);
    instances.whenReplaced(() -> queues.values().forEach(EndpointQueue::release));
  }

  /**
   * A ticket for a request that comes. The current thread must be an event loop.
   *
   * @param bytes of its body
   */
  public Ticket place(Route route, long bytes, Waiter waiter) {
    return new Ticket(vertx, queue(route), bytes, Optional.empty(), waiter);
  }

  /**
   * A ticket for a request that has its place, but no instance that can be connected to.
   *
   * @param tried instances that cannot
   */
  public Ticket again(Route route, long bytes, Set<Instance> tried, Waiter waiter) {
    return new Ticket(vertx, queue(route), bytes, Optional.of(tried), waiter);
  }

  /** Follows the routes: requests that wait for one that is gone are told so. */
  public void follow(Collection<Route> served) {
    Map<String, Route> routes = new HashMap<>();
    served.forEach(route -> routes.put(route.id(), route));
    queues.forEach(
        (id, queue) -> {
          Route route = routes.get(id);
          if (route == null) {
            queues.remove(id, queue);
            queue.refuseAll(Refusals.gone());
          } else {
            queue.follow(route);
          }
        });
  }

  /** The gateway is about to go: who waits for an instance is asked to come again, elsewhere. */
  public void drain() {
    draining = true;
    queues.values().forEach(EndpointQueue::drain);
  }

  private EndpointQueue queue(Route route) {
    EndpointQueue known = queues.get(route.id());
    return known != null
        ? known
        : queues.computeIfAbsent(
            route.id(),
            id ->
                new EndpointQueue(
                    route,
                    instances,
                    budget,
                    () -> draining,
                    action -> vertx.setTimer(1, next -> action.run()),
                    System::nanoTime));
  }
}
