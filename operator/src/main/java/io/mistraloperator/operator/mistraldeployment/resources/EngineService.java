package io.mistraloperator.operator.mistraldeployment.resources;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.kube.OwnerReferences;

/** Makes the headless Service whose EndpointSlices tell the gateway where the instances are. */
public final class EngineService {
  private static final int PORT_NUMBER = 80;

  private EngineService() {}

  /** The Service. */
  public static Service of(MistralDeployment owner, String name) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(owner.getMetadata().getNamespace())
        .withLabels(Labels.of(owner, Labels.ENGINE))
        .withOwnerReferences(OwnerReferences.controller(owner))
        .endMetadata()
        .withNewSpec()
        .withClusterIP("None")
        .withSelector(Labels.enginePods(owner))
        .addNewPort()
        .withName(EnginePods.PORT)
        .withPort(PORT_NUMBER)
        .withNewTargetPort(EnginePods.PORT)
        .withProtocol("TCP")
        .endPort()
        .endSpec()
        .build();
  }
}
