package io.mistraloperator.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Stream;

/** Calls for a pass over primaries that share something with one that came, changed or went. */
public final class SiblingEventSource<P extends HasMetadata> extends AbstractEventSource<Void, P>
    implements ResourceEventAware<P> {
  private final Function<P, Stream<ResourceID>> siblings;
  private final BiPredicate<P, P> matters;

  /**
   * Makes a source without a watch of its own.
   *
   * @param siblings who shares something with a primary
   * @param matters whether a change, from the second to the first, is one for siblings
   */
  public SiblingEventSource(
      Class<P> primary, Function<P, Stream<ResourceID>> siblings, BiPredicate<P, P> matters) {
    super(Void.class, "Siblings");
    this.siblings = siblings;
    this.matters = matters;
  }

  @Override
  public void onResourceCreated(P primary) {
    wake(primary);
  }

  @Override
  public void onResourceUpdated(P now, P before) {
    if (matters.test(now, before)) {
      wake(now);
    }
  }

  @Override
  public void onResourceDeleted(P primary) {
    wake(primary);
  }

  private void wake(P primary) {
    if (isRunning()) {
      siblings.apply(primary).forEach(sibling -> getEventHandler().handleEvent(new Event(sibling)));
    }
  }

  @Override
  public Set<Void> getSecondaryResources(P primary) {
    return Set.of();
  }
}
