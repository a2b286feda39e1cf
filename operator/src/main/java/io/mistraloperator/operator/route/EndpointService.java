package io.mistraloperator.operator.route;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.kube.OwnerReferences;

/** Makes the Service under an endpoint's own name: an alias of the gateway. */
public final class EndpointService {
  private EndpointService() {}

  /**
   * The Service.
   *
   * @param owner the endpoint's object
   * @param name its name
   * @param config where the gateway is
   */
  public static Service of(HasMetadata owner, String name, OperatorConfig config) {
    String gateway = config.gateway().service() + "." + config.namespace() + ".svc.cluster.local";
    return new ServiceBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(owner.getMetadata().getNamespace())
        .withLabels(Labels.of(owner, Labels.ENDPOINT))
        .withOwnerReferences(OwnerReferences.controller(owner))
        .endMetadata()
        .withNewSpec()
        .withType("ExternalName")
        .withExternalName(gateway)
        .endSpec()
        .build();
  }
}
