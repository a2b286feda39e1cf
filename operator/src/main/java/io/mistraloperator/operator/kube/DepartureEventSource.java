package io.mistraloperator.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.function.Consumer;

/**
 * A watch that also tells at once what is gone, with the last that it said; not what went while the
 * watch was interrupted.
 */
public final class DepartureEventSource<R extends HasMetadata, P extends HasMetadata>
    extends InformerEventSource<R, P> {
  private final Consumer<R> gone;

  /** Calls {@code gone} on the watch's own thread: it must only take note. */
  DepartureEventSource(
      InformerEventSourceConfiguration<R> configuration,
      EventSourceContext<P> context,
      Consumer<R> gone) {
    super(configuration, context);
    this.gone = gone;
  }

  @Override
  public synchronized void onDelete(R object, boolean stateUnknown) {
    if (!stateUnknown) {
      gone.accept(object);
    }
    super.onDelete(object, stateUnknown);
  }
}
