package io.mistraloperator.gateway.hold;

import io.mistraloperator.gateway.route.Deployment;
import io.mistraloperator.gateway.route.Instance;
import io.mistraloperator.gateway.route.InstanceDirectory;
import io.mistraloperator.gateway.route.Route;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The queues of all deployments, within bounds of the process. Thread-safe. */
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
  public Ticket place(Deployment deployment, long bytes, Waiter waiter) {
    return new Ticket(vertx, queue(deployment), bytes, Optional.empty(), waiter);
  }

  /**
   * A ticket for a request that has its place, but no instance that can be connected to.
   *
   * @param tried instances that cannot
   */
  public Ticket again(Deployment deployment, long bytes, Set<Instance> tried, Waiter waiter) {
    return new Ticket(vertx, queue(deployment), bytes, Optional.of(tried), waiter);
  }

  /** Follows the routes: requests that wait for what is gone are told so. */
  public void follow(Collection<Route> served) {
    Set<String> routes = new HashSet<>();
    Map<String, Deployment> deployments = new HashMap<>();
    for (Route route : served) {
      routes.add(route.id());
      route.deployments().forEach(deployment -> deployments.put(deployment.id(), deployment));
    }
    queues.forEach(
        (id, queue) -> {
          Deployment deployment = deployments.get(id);
          if (deployment == null) {
            queues.remove(id, queue);
            boolean others = routes.contains(id.substring(0, id.indexOf('/')));
            queue.refuseAll(others ? Refusals.deploymentGone() : Refusals.gone());
          } else {
            queue.follow(deployment);
          }
        });
  }

  /** The gateway is about to go: who waits for an instance is asked to come again, elsewhere. */
  public void drain() {
    draining = true;
    queues.values().forEach(EndpointQueue::drain);
  }

  private EndpointQueue queue(Deployment deployment) {
    EndpointQueue known = queues.get(deployment.id());
    return known != null
        ? known
        : queues.computeIfAbsent(
            deployment.id(),
            id ->
                new EndpointQueue(
                    deployment,
                    instances,
                    budget,
                    () -> draining,
                    action -> vertx.setTimer(1, next -> action.run()),
                    System::nanoTime));
  }
}
