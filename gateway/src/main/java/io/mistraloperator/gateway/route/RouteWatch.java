package io.mistraloperator.gateway.route;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.mistraloperator.api.Api;
import io.mistraloperator.gateway.chat.RequestLimits;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Keeps a table of routes in step with the cluster. Objects are taken as trees and read one by one:
 * a typed watch would end for all at the first object that it cannot read.
 */
public final class RouteWatch
    implements AutoCloseable, ResourceEventHandler<GenericKubernetesResource> {
  private static final Logger LOG = Logger.getLogger(RouteWatch.class);
  private static final ResourceDefinitionContext KIND =
      new ResourceDefinitionContext.Builder()
          .withGroup(Api.GROUP)
          .withVersion(Api.VERSION)
          .withKind("InferenceRoute")
          .withPlural("inferenceroutes")
          .withNamespaced(true)
          .build();

  private record Unreadable(String version, int parts) {}

  private final RequestLimits defaults;
  private final Consumer<Collection<Route>> sink;
  private final SharedIndexInformer<GenericKubernetesResource> informer;
  private final Map<String, Route> known = new HashMap<>();
  private final Map<String, Unreadable> unreadable = new HashMap<>();
  private final ReadVersions versions = new ReadVersions();
  private boolean listed;

  /**
   * Makes a watch on the routes of {@code namespace}.
   *
   * @param defaults bounds of a request where a route says nothing
   * @param sink gets all routes after the first list and after every change
   */
  public RouteWatch(
      KubernetesClient client,
      String namespace,
      RequestLimits defaults,
      Consumer<Collection<Route>> sink) {
    this.defaults = defaults;
    this.sink = sink;
    this.informer =
        client
            .genericKubernetesResources(KIND)
            .inNamespace(namespace)
            .runnableInformer(0)
            .exceptionHandler((started, cause) -> true)
            .addEventHandler(this);
  }

  /** Starts; returns at once and tries for ever. */
  public void start() {
    informer.start().thenRun(this::listed);
  }

  /** Whether the routes were listed once. */
  public synchronized boolean synced() {
    return listed;
  }

  /** Deployments that this gateway cannot read, and whole routes, each counted as one. */
  public synchronized int unreadable() {
    return unreadable.values().stream().mapToInt(Unreadable::parts).sum();
  }

  /**
   * Ends once at least this version of a route is served, and with a {@link
   * java.util.concurrent.TimeoutException} where it is not in time.
   *
   * @param uid of the route object
   * @param generation of its spec, from 1
   */
  public CompletionStage<Void> served(String name, String uid, long generation, Duration limit) {
    return versions.await(name, new ReadVersions.Version(uid, generation), limit);
  }

  @Override
  public synchronized void onAdd(GenericKubernetesResource object) {
    put(object);
  }

  @Override
  public synchronized void onUpdate(
      GenericKubernetesResource before, GenericKubernetesResource object) {
    put(object);
  }

  @Override
  public synchronized void onDelete(GenericKubernetesResource object, boolean finalStateUnknown) {
    known.remove(object.getMetadata().getName());
    unreadable.remove(object.getMetadata().getName());
    versions.gone(object.getMetadata().getName());
    publish();
  }

  @Override
  public void close() {
    informer.close();
  }

  private synchronized void listed() {
    informer.getStore().list().forEach(this::put);
    listed = true;
    publish();
    informer.getStore().list().forEach(this::serve);
  }

  private void put(GenericKubernetesResource object) {
    String name = object.getMetadata().getName();
    read(object).ifPresentOrElse(route -> known.put(name, route), () -> known.remove(name));
    if (listed) {
      publish();
      serve(object);
    }
  }

  private void publish() {
    if (listed) {
      sink.accept(known.values());
    }
  }

  private void serve(GenericKubernetesResource object) {
    ObjectMeta meta = object.getMetadata();
    versions.served(meta.getName(), new ReadVersions.Version(meta.getUid(), meta.getGeneration()));
  }

  private Optional<Route> read(GenericKubernetesResource object) {
    try {
      RouteReader.Reading reading =
          RouteReader.read(
              object.getMetadata(), object.getAdditionalProperties().get("spec"), defaults);
      tell(object.getMetadata(), reading.unreadable(), "the other deployments are served");
      return Optional.of(reading.route());
    } catch (IllegalArgumentException cause) {
      tell(object.getMetadata(), List.of(cause.getMessage()), "its endpoint is not served");
      return Optional.empty();
    }
  }

  /** Once for each version of a route. */
  private void tell(ObjectMeta route, List<String> problems, String consequence) {
    var now = new Unreadable(route.getResourceVersion(), problems.size());
    var before =
        problems.isEmpty()
            ? unreadable.remove(route.getName())
            : unreadable.put(route.getName(), now);
    if (!problems.isEmpty() && !now.equals(before)) {
      LOG.errorf(
          "Route %s cannot be read, %s: %s",
          route.getName(), consequence, String.join("; ", problems));
    }
  }
}
