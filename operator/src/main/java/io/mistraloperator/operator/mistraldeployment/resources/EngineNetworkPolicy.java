package io.mistraloperator.operator.mistraldeployment.resources;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.operator.fetch.Fetches;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.kube.OwnerReferences;
import java.util.List;
import java.util.Map;

/**
 * Makes the NetworkPolicy of an engine: it has no lock of its own, so only the gateway gets in. The
 * operator may ask the fetcher how far it is.
 */
public final class EngineNetworkPolicy {
  private EngineNetworkPolicy() {}

  /**
   * The policy.
   *
   * @param platform the platform namespace
   * @param gateway labels of the gateway's pods
   * @param operator labels of the operator's pods
   * @param offline whether nothing may get out (T-M8)
   */
  public static NetworkPolicy of(
      MistralDeployment owner,
      String name,
      String platform,
      Map<String, String> gateway,
      Map<String, String> operator,
      boolean offline) {
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
        .withPolicyTypes(offline ? List.of("Ingress", "Egress") : List.of("Ingress"))
        .withIngress(
            from(platform, gateway, new IntOrString(EnginePods.PORT)),
            // By number: how the names of ports of init containers are read differs by network.
            from(platform, operator, new IntOrString(Fetches.PORT)))
        .endSpec()
        .build();
  }

  private static NetworkPolicyIngressRule from(
      String namespace, Map<String, String> pods, IntOrString port) {
    return new NetworkPolicyIngressRuleBuilder()
        .addNewFrom()
        .withNewNamespaceSelector()
        .addToMatchLabels("kubernetes.io/metadata.name", namespace)
        .endNamespaceSelector()
        .withNewPodSelector()
        .withMatchLabels(pods)
        .endPodSelector()
        .endFrom()
        .addNewPort()
        .withPort(port)
        .withProtocol("TCP")
        .endPort()
        .build();
  }
}
