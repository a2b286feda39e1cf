package io.mistraloperator.operator.mistraldeployment;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.operator.catalogue.Catalogue;
import io.mistraloperator.operator.kube.OwnerReferences;
import io.mistraloperator.operator.scaling.Scaling;
import java.util.List;
import java.util.Optional;

/**
 * What the caches say about one deployment.
 *
 * @param catalogue models and machine types
 * @param deployment the engine Deployment
 * @param engineService its headless Service
 * @param networkPolicy who may reach the engines
 * @param disruptionBudget how many may be evicted at once
 * @param endpointService the Service under the deployment's own name
 * @param keyWitness what goes with the key Secret
 * @param route the route of the endpoint's name, whoever has it
 * @param weightsClaim what keeps fetched weights, where the deployment has a claim of its own
 * @param pods engine pods
 * @param listed instances that the engine's Service lists as ready: those that gateways see
 * @param scaling how many instances there should be
 * @param sharing deployments of the same endpoint, oldest first, this one among them
 */
public record Observation(
    Catalogue catalogue,
    Optional<Deployment> deployment,
    Optional<Service> engineService,
    Optional<NetworkPolicy> networkPolicy,
    Optional<PodDisruptionBudget> disruptionBudget,
    Optional<Service> endpointService,
    Optional<ConfigMap> keyWitness,
    Optional<InferenceRoute> route,
    Optional<PersistentVolumeClaim> weightsClaim,
    List<Pod> pods,
    int listed,
    Scaling scaling,
    List<MistralDeployment> sharing) {

  /** Whether there is an engine of this very deployment, of whatever version and size. */
  boolean runs(MistralDeployment owner) {
    return deployment.filter(engine -> OwnerReferences.owns(owner, engine)).isPresent();
  }

  /** Instances that answer. */
  int ready() {
    return deployment.map(seen -> Rollout.of(seen, pods, listed).ready()).orElse(0);
  }

  /** The same after an apply: the server's answer is newer than the cache. */
  Observation afterApply(Deployment applied) {
    return new Observation(
        catalogue,
        Optional.of(applied),
        engineService,
        networkPolicy,
        disruptionBudget,
        endpointService,
        keyWitness,
        route,
        weightsClaim,
        pods,
        listed,
        scaling,
        sharing);
  }
}
