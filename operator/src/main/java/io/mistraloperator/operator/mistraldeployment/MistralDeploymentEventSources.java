package io.mistraloperator.operator.mistraldeployment;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
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
  /** Index of pods by {@code namespace/name} of their deployment. */
  static final String PODS_OF_DEPLOYMENT = "deployment";

  private static final String KIND = "MistralDeployment";

  private MistralDeploymentEventSources() {}

  static List<EventSource<?, MistralDeployment>> all(
      EventSourceContext<MistralDeployment> context,
      String platform,
      WakeupEventSource<MistralDeployment> wakeups,
      Consumer<MistralDeployment> deleted) {
    var sources = new EventSources<>(context, KIND, MistralDeploymentEventSources::endpointName);
    InformerEventSource<Pod, MistralDeployment> pods =
        sources.children(Pod.class, Labels.COMPONENT + "=" + Labels.ENGINE);
    pods.addIndexers(Map.of(PODS_OF_DEPLOYMENT, pod -> List.of(owner(pod))));
    return List.of(
        sources.children(Deployment.class),
        sources.children(Service.class),
        sources.children(ConfigMap.class),
        sources.children(NetworkPolicy.class),
        sources.children(PodDisruptionBudget.class),
        sources.children(PersistentVolumeClaim.class),
        pods,
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

  private static String owner(HasMetadata pod) {
    return Labels.owner(pod).map(owner -> owner.namespace() + "/" + owner.name()).orElse("");
  }

  private static String endpointName(MistralDeployment deployment) {
    return Exposure.endpointName(deployment);
  }
}
