package io.mistraloperator.operator.serverlessendpoint;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mistraloperator.api.ServerlessEndpoint;
import io.mistraloperator.operator.kube.ApiErrors;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.kube.LivingOwners;
import io.mistraloperator.operator.kube.NameTakenException;
import io.mistraloperator.operator.kube.Names;
import io.mistraloperator.operator.kube.OwnerReferences;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;

/**
 * One serverless endpoint for a model in a project (row A2.8): whoever makes the ConfigMap of that
 * name first has it, and the API server decides a race. It goes with its owner.
 */
@Singleton
public class ServerlessLock {
  private static final String COMPONENT = "serverless-lock";

  private final KubernetesClient client;
  private final LivingOwners owners;

  public ServerlessLock(KubernetesClient client, LivingOwners owners) {
    this.client = client;
    this.owners = owners;
  }

  /** Whether an object is such a lock. */
  static boolean isLock(ConfigMap object) {
    return COMPONENT.equals(object.getMetadata().getLabels().get(Labels.COMPONENT));
  }

  /**
   * Takes the lock for an endpoint unless a living one has it.
   *
   * @param model normalised id of the model
   * @param observed the cached lock
   * @return who has the lock now
   */
  Labels.Owner take(ServerlessEndpoint endpoint, String model, Optional<ConfigMap> observed) {
    var wanted = lock(endpoint, model);
    return observed
        .map(lock -> takeOver(endpoint, wanted, lock))
        .orElseGet(() -> make(endpoint, wanted));
  }

  private Labels.Owner make(ServerlessEndpoint endpoint, ConfigMap wanted) {
    try {
      client.resource(wanted).create();
      return Labels.Owner.of(endpoint);
    } catch (KubernetesClientException e) {
      if (!ApiErrors.conflict(e)) {
        throw e;
      }
      ConfigMap existing = client.resource(wanted).get();
      if (existing == null) {
        throw e;
      }
      return takeOver(endpoint, wanted, existing);
    }
  }

  private Labels.Owner takeOver(ServerlessEndpoint endpoint, ConfigMap wanted, ConfigMap existing) {
    var holder = Labels.owner(existing).orElseThrow(() -> NameTakenException.by(existing, wanted));
    if (holder.equals(Labels.Owner.of(endpoint)) || owners.isAlive(holder)) {
      return holder;
    }
    wanted.getMetadata().setResourceVersion(existing.getMetadata().getResourceVersion());
    client.resource(wanted).lockResourceVersion().update();
    return Labels.Owner.of(endpoint);
  }

  private static ConfigMap lock(ServerlessEndpoint endpoint, String model) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(Names.serverlessLock(model))
        .withNamespace(endpoint.getMetadata().getNamespace())
        .withLabels(Labels.of(endpoint, COMPONENT))
        .withOwnerReferences(OwnerReferences.controller(endpoint))
        .endMetadata()
        .withData(
            Map.of(
                "purpose",
                "There is one ServerlessEndpoint for a model in a project; this one belongs to "
                    + endpoint.getMetadata().getName()))
        .build();
  }
}
