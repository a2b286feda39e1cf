package io.mistraloperator.operator.route;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.kube.OwnerReferences;
import java.util.List;

/** Makes Services under the names of objects and endpoints: aliases of the gateway. */
public final class EndpointService {
  private EndpointService() {}

  /**
   * The Service of one object.
   *
   * @param owner the endpoint's object
   * @param name its name
   * @param config where the gateway is
   */
  public static Service of(HasMetadata owner, String name, OperatorConfig config) {
    return of(List.of(owner), name, config);
  }

  /**
   * The Service of several objects, which stays until the last of them goes.
   *
   * @param owners the endpoint's objects, at least one; the first controls the Service
   */
  static Service of(List<? extends HasMetadata> owners, String name, OperatorConfig config) {
    HasMetadata owner = owners.getFirst();
    String gateway = config.gateway().service() + "." + config.namespace() + ".svc.cluster.local";
    return new ServiceBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(owner.getMetadata().getNamespace())
        .withLabels(Labels.of(owner, Labels.ENDPOINT))
        .withOwnerReferences(OwnerReferences.shared(owners))
        .endMetadata()
        .withNewSpec()
        .withType("ExternalName")
        .withExternalName(gateway)
        .endSpec()
        .build();
  }
}
