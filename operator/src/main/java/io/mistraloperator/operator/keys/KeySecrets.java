package io.mistraloperator.operator.keys;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mistraloperator.api.InferenceRouteSpec.KeyDigest;
import io.mistraloperator.operator.keys.KeySecret.Revisions;
import io.mistraloperator.operator.kube.Applier;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** Keeps the key Secrets: read and written by name only, never listed or watched. */
@Singleton
public class KeySecrets {
  private final KubernetesClient client;
  private final Applier applier;
  private final KeyGenerator generator;

  public KeySecrets(KubernetesClient client, Applier applier, KeyGenerator generator) {
    this.client = client;
    this.applier = applier;
    this.generator = generator;
  }

  /**
   * Sees to it that the Secret is as wanted.
   *
   * @param owner on whose behalf it is kept
   * @param owners all objects of the endpoint, the one whose revisions are wanted first
   * @param witness the cached object that goes with the Secret
   * @return digests of the keys that are now valid
   * @throws io.mistraloperator.operator.kube.NameTakenException when the name belongs to others
   */
  public List<KeyDigest> ensure(
      HasMetadata owner,
      List<? extends HasMetadata> owners,
      String name,
      Revisions wanted,
      String url,
      Optional<String> authority,
      Optional<ConfigMap> witness) {
    Optional<Secret> existing =
        Optional.ofNullable(
            client.secrets().inNamespace(owner.getMetadata().getNamespace()).withName(name).get());
    Secret desired =
        KeySecret.desired(owners, name, existing, wanted, url, authority, generator::next);
    Secret secret = applier.apply(owner, desired, existing);
    applier.apply(owner, KeySecret.witness(owners.getFirst(), secret), witness);
    return KeySecret.digests(secret);
  }
}
