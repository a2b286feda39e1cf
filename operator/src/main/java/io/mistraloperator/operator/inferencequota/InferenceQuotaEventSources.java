package io.mistraloperator.operator.inferencequota;

import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.mistraloperator.api.InferenceQuota;
import io.mistraloperator.api.InstanceType;
import io.mistraloperator.operator.kube.DeletionEventSource;
import io.mistraloperator.operator.kube.EventSources;
import java.util.List;
import java.util.function.Consumer;

/** Every watch of this kind. */
final class InferenceQuotaEventSources {
  private static final String KIND = "InferenceQuota";

  private InferenceQuotaEventSources() {}

  static List<EventSource<?, InferenceQuota>> all(
      EventSourceContext<InferenceQuota> context, Consumer<InferenceQuota> deleted) {
    var sources = new EventSources<>(context, KIND, quota -> quota.getMetadata().getName());
    return List.of(
        sources.catalogue(InstanceType.class),
        new DeletionEventSource<>(InferenceQuota.class, deleted));
  }
}
