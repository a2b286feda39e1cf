package io.mistraloperator.operator.mistraldeployment;

import io.fabric8.kubernetes.api.model.Service;
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
import io.mistraloperator.operator.route.EndpointService;
import java.util.Optional;

/**
 * The objects that a deployment should have in its own namespace.
 *
 * @param networkPolicy who may reach the engines; before any engine is there
 * @param engineService where the engines are
 * @param disruptionBudget absent with one instance
 * @param endpointService absent when the deployment is not exposed
 * @param deployment the engines
 */
record DesiredState(
    NetworkPolicy networkPolicy,
    Service engineService,
    Optional<PodDisruptionBudget> disruptionBudget,
    Optional<Service> endpointService,
    Deployment deployment) {

  static DesiredState of(MistralDeployment owner, Sizing sizing, OperatorConfig config) {
    String name = Names.engine(owner.getMetadata().getName());
    RunningPlan running = sizing.plan();
    return new DesiredState(
        EngineNetworkPolicy.of(owner, name, config.namespace(), config.gateway().labels().byKey()),
        EngineService.of(owner, name),
        sizing.instances() > 1
            ? Optional.of(EngineDisruptionBudget.of(owner, name))
            : Optional.empty(),
        isExposed(owner)
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
            running.plan().startupSeconds()));
  }

  static boolean isExposed(MistralDeployment deployment) {
    return !Boolean.FALSE.equals(deployment.getSpec().expose());
  }
}
