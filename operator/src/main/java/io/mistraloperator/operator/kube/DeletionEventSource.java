package io.mistraloperator.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tells when a primary is gone. The framework runs no reconciliation then, since nothing holds a
 * finalizer, and what is in another namespace has no garbage collector.
 */
public final class DeletionEventSource<P extends HasMetadata> extends AbstractEventSource<Void, P>
    implements ResourceEventAware<P> {
  private final Consumer<P> deleted;

  /** Calls {@code deleted} on the watch's own thread: it must only hand over. */
  public DeletionEventSource(Class<P> primary, Consumer<P> deleted) {
    super(Void.class, "Deletion");
    this.deleted = deleted;
  }

  @Override
  public void onResourceDeleted(P primary) {
    deleted.accept(primary);
  }

  @Override
  public Set<Void> getSecondaryResources(P primary) {
    return Set.of();
  }
}
