package io.mistraloperator.operator.mistraldeployment.resources;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.kube.OwnerReferences;

/** Makes the disruption budget: nodes are drained one instance at a time. */
public final class EngineDisruptionBudget {
  private EngineDisruptionBudget() {}

  /** The budget. */
  public static PodDisruptionBudget of(MistralDeployment owner, String name) {
    return new PodDisruptionBudgetBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(owner.getMetadata().getNamespace())
        .withLabels(Labels.of(owner, Labels.ENGINE))
        .withOwnerReferences(OwnerReferences.controller(owner))
        .endMetadata()
        .withNewSpec()
        .withMaxUnavailable(new IntOrString(1))
        .withUnhealthyPodEvictionPolicy("AlwaysAllow")
        .withNewSelector()
        .withMatchLabels(Labels.enginePods(owner))
        .endSelector()
        .endSpec()
        .build();
  }
}
