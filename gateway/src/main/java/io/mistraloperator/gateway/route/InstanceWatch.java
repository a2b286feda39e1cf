package io.mistraloperator.gateway.route;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Keeps a directory of instances in step with the EndpointSlices of engines. */
public final class InstanceWatch implements AutoCloseable, ResourceEventHandler<EndpointSlice> {
  private static final Map<String, String> SELECTOR =
      Map.of(
          "app.kubernetes.io/managed-by", "mistral-operator",
          "app.kubernetes.io/component", "engine");
  private static final String SERVICE_LABEL = "kubernetes.io/service-name";
  private static final String PORT = "http";

  private final Consumer<Map<ServiceRef, List<Instance>>> sink;
  private final SharedIndexInformer<EndpointSlice> informer;
  private final Map<ServiceRef, Map<String, List<Instance>>> slices = new HashMap<>();
  private boolean listed;

  /**
   * Makes a watch on all namespaces.
   *
   * @param sink gets all instances after the first list and after every change
   */
  public InstanceWatch(KubernetesClient client, Consumer<Map<ServiceRef, List<Instance>>> sink) {
    this.sink = sink;
    this.informer =
        client
            .discovery()
            .v1()
            .endpointSlices()
            .inAnyNamespace()
            .withLabels(SELECTOR)
            .runnableInformer(0)
            .exceptionHandler((started, cause) -> true)
            .addEventHandler(this);
  }

  /** Starts; returns at once and tries for ever. */
  public void start() {
    informer.start().thenRun(this::listed);
  }

  /** Whether the slices were listed once. */
  public synchronized boolean synced() {
    return listed;
  }

  @Override
  public synchronized void onAdd(EndpointSlice slice) {
    put(slice);
  }

  @Override
  public synchronized void onUpdate(EndpointSlice before, EndpointSlice slice) {
    put(slice);
  }

  @Override
  public synchronized void onDelete(EndpointSlice slice, boolean finalStateUnknown) {
    service(slice)
        .ifPresent(
            service ->
                slices.computeIfPresent(
                    service,
                    (key, parts) -> {
                      parts.remove(slice.getMetadata().getName());
                      return parts.isEmpty() ? null : parts;
                    }));
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
  }

  private void put(EndpointSlice slice) {
    service(slice)
        .ifPresent(
            service ->
                slices
                    .computeIfAbsent(service, key -> new HashMap<>())
                    .put(slice.getMetadata().getName(), ready(slice)));
    publish();
  }

  private void publish() {
    if (!listed) {
      return;
    }
    Map<ServiceRef, List<Instance>> all = new HashMap<>();
    slices.forEach(
        (service, parts) -> {
          Set<Instance> instances = new LinkedHashSet<>();
          parts.values().forEach(instances::addAll);
          all.put(service, List.copyOf(instances));
        });
    sink.accept(all);
  }

  private static Optional<ServiceRef> service(EndpointSlice slice) {
    return Optional.ofNullable(slice.getMetadata().getLabels())
        .map(labels -> labels.get(SERVICE_LABEL))
        .map(name -> new ServiceRef(slice.getMetadata().getNamespace(), name));
  }

  /** The instances of a slice that are ready and not on their way out. */
  static List<Instance> ready(EndpointSlice slice) {
    Optional<Integer> port =
        orNone(slice.getPorts()).stream()
            .filter(p -> PORT.equals(p.getName()) && p.getPort() != null)
            .map(EndpointPort::getPort)
            .findFirst();
    List<Instance> instances = new ArrayList<>();
    for (Endpoint endpoint : orNone(slice.getEndpoints())) {
      if (port.isPresent() && takesRequests(endpoint) && !endpoint.getAddresses().isEmpty()) {
        instances.add(new Instance(endpoint.getAddresses().getFirst(), port.get()));
      }
    }
    return instances;
  }

  /** A Service without pods has a slice whose lists are {@code null}. */
  private static <T> List<T> orNone(List<T> list) {
    return Objects.requireNonNullElse(list, List.of());
  }

  private static boolean takesRequests(Endpoint endpoint) {
    EndpointConditions conditions = endpoint.getConditions();
    // The API reads an absent "ready" as true.
    return conditions == null
        || (!Boolean.FALSE.equals(conditions.getReady())
            && !Boolean.TRUE.equals(conditions.getTerminating()));
  }
}
