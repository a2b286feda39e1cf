package io.mistraloperator.operator.kube;

import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** Reads claims of projects by name: theirs carry no label to watch them by. */
@Singleton
public class Claims {
  private final KubernetesClient client;

  public Claims(KubernetesClient client) {
    this.client = client;
  }

  /** Access modes of a claim in Kubernetes' words; empty when there is no such claim. */
  public Optional<List<String>> accessModes(String namespace, String name) {
    return Optional.ofNullable(
            client.persistentVolumeClaims().inNamespace(namespace).withName(name).get())
        .map(claim -> claim.getSpec().getAccessModes());
  }
}
