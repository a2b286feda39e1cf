package io.mistraloperator.operator.mistraldeployment;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.kube.Names;
import io.mistraloperator.operator.mistraldeployment.resources.EngineDeployment;
import io.mistraloperator.operator.mistraldeployment.resources.EngineDisruptionBudget;
import io.mistraloperator.operator.mistraldeployment.resources.EngineNetworkPolicy;
import io.mistraloperator.operator.mistraldeployment.resources.EngineService;
import io.mistraloperator.operator.mistraldeployment.resources.WeightsClaim;
import io.mistraloperator.operator.rollout.RolloutPlan;
import io.mistraloperator.operator.route.EndpointService;
import java.util.Objects;
import java.util.Optional;

/**
 * The objects that a deployment should have in its own namespace.
 *
 * @param networkPolicy who may reach the engines; before any engine is there
 * @param weightsClaim what keeps fetched weights, where the deployment has a claim of its own
 * @param engineService where the engines are
 * @param disruptionBudget absent with one instance
 * @param endpointService absent when the deployment is not exposed, or the name is its endpoint's,
 *     which has others
 * @param deployment the engines
 */
record DesiredState(
    NetworkPolicy networkPolicy,
    Optional<PersistentVolumeClaim> weightsClaim,
    Service engineService,
    Optional<PodDisruptionBudget> disruptionBudget,
    Optional<Service> endpointService,
    Deployment deployment) {

  /**
   * What should be there.
   *
   * @param rollout how a new version replaces the old one
   * @param named whether the Service of the deployment's name is that of an endpoint of several
   */
  static DesiredState of(
      MistralDeployment owner,
      Sizing sizing,
      RolloutPlan rollout,
      boolean named,
      OperatorConfig config) {
    String name = Names.engine(owner.getMetadata().getName());
    RunningPlan running = sizing.plan();
    return new DesiredState(
        EngineNetworkPolicy.of(
            owner,
            name,
            config.namespace(),
            config.gateway().labels().byKey(),
            config.self().labels().byKey(),
            config.weights().offline()),
        Optional.ofNullable(owner.getSpec().cache())
            .filter(cache -> cache.size() != null)
            .map(
                cache -> WeightsClaim.of(owner, Names.cache(owner.getMetadata().getName()), cache)),
        EngineService.of(owner, name),
        sizing.instances() > 1
            ? Optional.of(EngineDisruptionBudget.of(owner, name))
            : Optional.empty(),
        isExposed(owner) && !named
            ? Optional.of(
                EndpointService.of(
                    owner, Names.endpointService(owner.getMetadata().getName()), config))
            : Optional.empty(),
        EngineDeployment.of(
            owner,
            name,
            sizing.instances(),
            running.template(),
            running.annotations(),
            running.plan().startupSeconds(),
            rollout));
  }

  /** Whether the pods mount a claim, of whatever the deployment wants by now. */
  boolean mounts(PersistentVolumeClaim claim) {
    return deployment.getSpec().getTemplate().getSpec().getVolumes().stream()
        .map(Volume::getPersistentVolumeClaim)
        .filter(Objects::nonNull)
        .anyMatch(mount -> mount.getClaimName().equals(claim.getMetadata().getName()));
  }

  static boolean isExposed(MistralDeployment deployment) {
    return !Boolean.FALSE.equals(deployment.getSpec().expose());
  }
}
