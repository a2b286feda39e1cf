package io.mistraloperator.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds objects in the caches of a reconciler by name, whoever they belong to. */
public final class Caches<P extends HasMetadata> {
  private final Context<P> context;

  /** The caches behind a reconciliation. */
  public Caches(Context<P> context) {
    this.context = context;
  }

  /** The object of this name. */
  public <R extends HasMetadata> Optional<R> get(Class<R> type, String namespace, String name) {
    return source(type).get(new ResourceID(name, namespace));
  }

  /** All objects. */
  public <R extends HasMetadata> Stream<R> list(Class<R> type) {
    return source(type).list();
  }

  /** The objects that an index has under a key. */
  public <R extends HasMetadata> List<R> byIndex(Class<R> type, String index, String key) {
    return source(type).byIndex(index, key);
  }

  private <R extends HasMetadata> InformerEventSource<R, P> source(Class<R> type) {
    var source = context.eventSourceRetriever().getEventSourceFor(type, type.getSimpleName());
    if (source instanceof InformerEventSource<R, P> informer) {
      return informer;
    }
    throw new IllegalStateException(type + " is not watched");
  }
}
