package io.mistraloperator.operator.mistraldeployment;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.api.InstanceType;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralModel;
import io.mistraloperator.operator.kube.DeletionEventSource;
import io.mistraloperator.operator.kube.EventSources;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.kube.SiblingEventSource;
import io.mistraloperator.operator.kube.WakeupEventSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Every watch of this kind. */
final class MistralDeploymentEventSources {
  /** Index of pods and slices by {@code namespace/name} of their deployment. */
  static final String OF_DEPLOYMENT = "deployment";

  private static final String OF_ENGINES = Labels.COMPONENT + "=" + Labels.ENGINE;

  private static final String KIND = "MistralDeployment";

  private MistralDeploymentEventSources() {}

  static List<EventSource<?, MistralDeployment>> all(
      EventSourceContext<MistralDeployment> context,
      String platform,
      WakeupEventSource<MistralDeployment> wakeups,
      Consumer<Pod> ended,
      Consumer<MistralDeployment> deleted) {
    var sources = new EventSources<>(context, KIND, MistralDeploymentEventSources::endpointName);
    return List.of(
        sources.children(Deployment.class),
        sources.children(Service.class),
        sources.children(ConfigMap.class),
        sources.children(NetworkPolicy.class),
        sources.children(PodDisruptionBudget.class),
        sources.children(PersistentVolumeClaim.class),
        indexed(sources.children(Pod.class, ended, OF_ENGINES)),
        indexed(sources.children(EndpointSlice.class, OF_ENGINES)),
        sources.routes(InferenceRoute.class, platform),
        sources.catalogue(MistralModel.class),
        sources.catalogue(InstanceType.class),
        wakeups,
        new SiblingEventSource<>(
            MistralDeployment.class,
            deployment -> Sharing.siblings(deployment, context.getPrimaryCache()),
            Sharing::matters),
        new DeletionEventSource<>(MistralDeployment.class, deleted));
  }

  private static <R extends HasMetadata> InformerEventSource<R, MistralDeployment> indexed(
      InformerEventSource<R, MistralDeployment> source) {
    source.addIndexers(Map.of(OF_DEPLOYMENT, object -> List.of(owner(object))));
    return source;
  }

  private static String owner(HasMetadata object) {
    return Labels.owner(object).map(owner -> owner.namespace() + "/" + owner.name()).orElse("");
  }

  private static String endpointName(MistralDeployment deployment) {
    return Exposure.endpointName(deployment);
  }
}
