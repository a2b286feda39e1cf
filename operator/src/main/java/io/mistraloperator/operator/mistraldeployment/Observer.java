package io.mistraloperator.operator.mistraldeployment;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.api.InstanceType;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralModel;
import io.mistraloperator.operator.catalogue.Catalogue;
import io.mistraloperator.operator.kube.Caches;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.kube.Names;
import io.mistraloperator.operator.kube.OwnerReferences;
import io.mistraloperator.operator.route.Routes;
import io.mistraloperator.operator.scaling.Scaling;
import java.util.Optional;
import java.util.function.Function;

/** Reads what the caches say about one deployment. */
final class Observer {
  private final String platform;

  Observer(String platform) {
    this.platform = platform;
  }

  /**
   * What the caches say.
   *
   * @param scaling how many instances there should be, given the replicas of the engine
   */
  Observation observe(
      MistralDeployment deployment,
      Context<MistralDeployment> context,
      Function<Optional<Integer>, Scaling> scaling) {
    var caches = new Caches<>(context);
    String namespace = deployment.getMetadata().getNamespace();
    String name = deployment.getMetadata().getName();
    String engine = Names.engine(name);
    String routeName = Sharing.routeName(deployment);
    var route = caches.get(InferenceRoute.class, platform, routeName);
    var running = caches.get(Deployment.class, namespace, engine);
    return new Observation(
        Catalogue.of(
            caches.list(MistralModel.class).toList(), caches.list(InstanceType.class).toList()),
        running,
        caches.get(Service.class, namespace, engine),
        caches.get(NetworkPolicy.class, namespace, engine),
        caches.get(PodDisruptionBudget.class, namespace, engine),
        caches.get(Service.class, namespace, Names.endpointService(name)),
        caches.get(ConfigMap.class, namespace, Routes.keySecret(route, deployment, routeName)),
        route,
        caches.get(PersistentVolumeClaim.class, namespace, Names.cache(name)),
        caches
            .byIndex(Pod.class, MistralDeploymentEventSources.OF_DEPLOYMENT, namespace + "/" + name)
            .stream()
            .filter(pod -> Labels.owner(pod).equals(Optional.of(Labels.Owner.of(deployment))))
            .toList(),
        ListedInstances.count(
            caches
                .byIndex(
                    EndpointSlice.class,
                    MistralDeploymentEventSources.OF_DEPLOYMENT,
                    namespace + "/" + name)
                .stream()
                .filter(
                    slice -> Labels.owner(slice).equals(Optional.of(Labels.Owner.of(deployment))))),
        scaling.apply(
            running
                .filter(found -> OwnerReferences.owns(deployment, found))
                .map(found -> found.getSpec().getReplicas())),
        Sharing.of(deployment, context.getPrimaryCache()));
  }
}
