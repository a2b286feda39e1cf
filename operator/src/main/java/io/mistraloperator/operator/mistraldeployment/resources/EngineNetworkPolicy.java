package io.mistraloperator.operator.mistraldeployment.resources;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.kube.OwnerReferences;
import java.util.Map;

/** Makes the NetworkPolicy of an engine: it has no lock of its own, so only the gateway gets in. */
public final class EngineNetworkPolicy {
  private EngineNetworkPolicy() {}

  /**
   * The policy.
   *
   * @param platform the platform namespace
   * @param gateway labels of the gateway's pods
   */
  public static NetworkPolicy of(
      MistralDeployment owner, String name, String platform, Map<String, String> gateway) {
    return new NetworkPolicyBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(owner.getMetadata().getNamespace())
        .withLabels(Labels.of(owner, Labels.ENGINE))
        .withOwnerReferences(OwnerReferences.controller(owner))
        .endMetadata()
        .withNewSpec()
        .withNewPodSelector()
        .withMatchLabels(Labels.enginePods(owner))
        .endPodSelector()
        .withPolicyTypes("Ingress")
        .addNewIngress()
        .addNewFrom()
        .withNewNamespaceSelector()
        .addToMatchLabels("kubernetes.io/metadata.name", platform)
        .endNamespaceSelector()
        .withNewPodSelector()
        .withMatchLabels(gateway)
        .endPodSelector()
        .endFrom()
        .addNewPort()
        .withNewPort(EnginePods.PORT)
        .withProtocol("TCP")
        .endPort()
        .endIngress()
        .endSpec()
        .build();
  }
}
