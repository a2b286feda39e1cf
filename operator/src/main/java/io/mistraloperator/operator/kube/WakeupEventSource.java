package io.mistraloperator.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import java.util.Set;

/** Calls for a pass over a primary that somebody else of the operator has changed something for. */
public final class WakeupEventSource<P extends HasMetadata> extends AbstractEventSource<Void, P> {
  /** Makes a source without a resource of its own. */
  public WakeupEventSource() {
    super(Void.class, "Wakeup");
  }

  /** Calls for a pass; one that is gone is passed over. */
  public void wake(String namespace, String name) {
    if (isRunning()) {
      getEventHandler().handleEvent(new Event(new ResourceID(name, namespace)));
    }
  }

  @Override
  public Set<Void> getSecondaryResources(P primary) {
    return Set.of();
  }
}
