package io.mistraloperator.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.ServerlessEndpoint;
import jakarta.inject.Singleton;

/** Asks the API server whether an owner still exists; caches may lag, and a name may be reused. */
@Singleton
public class LivingOwners {
  private final KubernetesClient client;

  public LivingOwners(KubernetesClient client) {
    this.client = client;
  }

  /** Whether the object with exactly this uid exists. */
  public boolean isAlive(Labels.Owner owner) {
    return switch (owner.kind()) {
      case "MistralDeployment" -> isAlive(MistralDeployment.class, owner);
      case "ServerlessEndpoint" -> isAlive(ServerlessEndpoint.class, owner);
      default -> false;
    };
  }

  private <T extends HasMetadata> boolean isAlive(Class<T> kind, Labels.Owner owner) {
    if (owner.namespace().isEmpty() || owner.name().isEmpty()) {
      return false;
    }
    T object = client.resources(kind).inNamespace(owner.namespace()).withName(owner.name()).get();
    return object != null && object.getMetadata().getUid().equals(owner.uid());
  }
}
