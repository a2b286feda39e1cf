package io.mistraloperator.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the watches of one kind. Objects are found by name in the caches, so the mappers here only
 * say who has to be reconciled when something changes.
 */
public final class EventSources<P extends HasMetadata> {
  private final EventSourceContext<P> context;
  private final String kind;
  private final Function<P, String> endpointName;

  /**
   * Watches for the objects of {@code kind}.
   *
   * @param endpointName the endpoint name of an object
   */
  public EventSources(
      EventSourceContext<P> context, String kind, Function<P, String> endpointName) {
    this.context = context;
    this.kind = kind;
    this.endpointName = endpointName;
  }

  /** Children in the same namespace, found by their labels. */
  public <R extends HasMetadata> InformerEventSource<R, P> children(
      Class<R> type, String... selectors) {
    return new InformerEventSource<>(childrenOf(type, selectors), context);
  }

  /** Likewise, and {@code gone} hears of those that go. */
  public <R extends HasMetadata> InformerEventSource<R, P> children(
      Class<R> type, Consumer<R> gone, String... selectors) {
    return new DepartureEventSource<>(childrenOf(type, selectors), context, gone);
  }

  /** Routes in the platform namespace: they matter to their owner and to whoever wants the name. */
  public <R extends HasMetadata> InformerEventSource<R, P> routes(Class<R> type, String platform) {
    return source(
        InformerEventSourceConfiguration.from(type, context.getPrimaryResourceClass())
            .withName(type.getSimpleName())
            .withNamespaces(platform)
            .withLabelSelector(Labels.SELECTOR)
            .withSecondaryToPrimaryMapper(
                route ->
                    Stream.concat(
                            owner(route),
                            primaries(
                                primary ->
                                    endpointName
                                        .apply(primary)
                                        .equalsIgnoreCase(route.getMetadata().getName())))
                        .collect(Collectors.toSet())));
  }

  /** Objects of one namespace that matter to every primary of which a test is true. */
  public <R extends HasMetadata> InformerEventSource<R, P> shared(
      Class<R> type, String namespace, Function<R, Predicate<P>> concerns) {
    return source(
        InformerEventSourceConfiguration.from(type, context.getPrimaryResourceClass())
            .withName(type.getSimpleName())
            .withNamespaces(namespace)
            .withLabelSelector(Labels.SELECTOR)
            .withSecondaryToPrimaryMapper(
                object -> primaries(concerns.apply(object)).collect(Collectors.toSet())));
  }

  /** Objects of all namespaces that matter to every primary of which a test is true. */
  public <R extends HasMetadata> InformerEventSource<R, P> siblings(
      Class<R> type, Function<R, Predicate<P>> concerns) {
    return source(
        InformerEventSourceConfiguration.from(type, context.getPrimaryResourceClass())
            .withName(type.getSimpleName())
            .withLabelSelector(Labels.SELECTOR)
            .withSecondaryToPrimaryMapper(
                object -> primaries(concerns.apply(object)).collect(Collectors.toSet())));
  }

  /** The platform's catalogue: a change may matter to everybody, and it is rare. */
  public <R extends HasMetadata> InformerEventSource<R, P> catalogue(Class<R> type) {
    return source(
        InformerEventSourceConfiguration.from(type, context.getPrimaryResourceClass())
            .withName(type.getSimpleName())
            .withSecondaryToPrimaryMapper(
                entry -> primaries(primary -> true).collect(Collectors.toSet())));
  }

  private <R extends HasMetadata> InformerEventSourceConfiguration<R> childrenOf(
      Class<R> type, String... selectors) {
    return trimmed(
        InformerEventSourceConfiguration.from(type, context.getPrimaryResourceClass())
            .withName(type.getSimpleName())
            .withLabelSelector(selector(selectors))
            .withSecondaryToPrimaryMapper(child -> owner(child).collect(Collectors.toSet())));
  }

  private <R extends HasMetadata> InformerEventSource<R, P> source(
      InformerEventSourceConfiguration.Builder<R> configuration) {
    return new InformerEventSource<>(trimmed(configuration), context);
  }

  private static <R extends HasMetadata> InformerEventSourceConfiguration<R> trimmed(
      InformerEventSourceConfiguration.Builder<R> configuration) {
    return configuration.withItemStore(new TrimmedItemStore<>()).build();
  }

  private Stream<ResourceID> owner(HasMetadata child) {
    return Labels.owner(child).stream()
        .filter(owner -> owner.kind().equals(kind))
        .map(owner -> new ResourceID(owner.name(), owner.namespace()));
  }

  private Stream<ResourceID> primaries(Predicate<P> concerned) {
    return context.getPrimaryCache().list(concerned).map(ResourceID::fromResource);
  }

  private static String selector(String... selectors) {
    return Stream.concat(Stream.of(Labels.SELECTOR), Stream.of(selectors))
        .collect(Collectors.joining(","));
  }
}
