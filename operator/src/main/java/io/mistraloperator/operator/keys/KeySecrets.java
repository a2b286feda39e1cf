package io.mistraloperator.operator.keys;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mistraloperator.api.InferenceRouteSpec.KeyDigest;
import io.mistraloperator.operator.keys.KeySecret.Revisions;
import io.mistraloperator.operator.kube.Applier;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the key Secrets: read and written by name only, never listed or watched. What was read is
 * believed while the witness is the same and nothing else is wanted, so that passes at rest do not
 * ask; and for {@link #BELIEVED} at most, since nobody tells when a project edits the Secret.
 */
@Singleton
public class KeySecrets {
  static final Duration BELIEVED = Duration.ofMinutes(30);

  private final KubernetesClient client;
  private final Applier applier;
  private final KeyGenerator generator;
  private final Clock clock;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  public KeySecrets(KubernetesClient client, Applier applier, KeyGenerator generator, Clock clock) {
    this.client = client;
    this.applier = applier;
    this.generator = generator;
    this.clock = clock;
  }

  /** What a Secret was wanted to be; any change of an owner's spec is one of this, too. */
  private record Wish(
      Map<String, Long> generations, Revisions revisions, String url, Optional<String> authority) {
    static Wish of(
        List<? extends HasMetadata> owners,
        Revisions revisions,
        String url,
        Optional<String> authority) {
      Map<String, Long> generations = new TreeMap<>();
      owners.forEach(
          owner ->
              generations.put(owner.getMetadata().getUid(), owner.getMetadata().getGeneration()));
      return new Wish(generations, revisions, url, authority);
    }
  }

  /** What was read and written last. */
  private record Known(Wish wish, String witness, List<KeyDigest> digests, Instant read) {
    boolean holds(Wish now, Optional<ConfigMap> seen, Instant time) {
      return wish.equals(now)
          && seen.map(KeySecrets::version).filter(witness::equals).isPresent()
          && time.isBefore(read.plus(BELIEVED));
    }
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
    String namespace = owner.getMetadata().getNamespace();
    String key = namespace + "/" + name;
    var wish = Wish.of(owners, wanted, url, authority);
    Instant now = clock.instant();
    var before = known.get(key);
    if (before != null && before.holds(wish, witness, now)) {
      return before.digests();
    }
    Optional<Secret> existing =
        Optional.ofNullable(client.secrets().inNamespace(namespace).withName(name).get());
    Secret desired =
        KeySecret.desired(owners, name, existing, wanted, url, authority, generator::next);
    Secret secret = applier.apply(owner, desired, existing);
    var applied = applier.apply(owner, KeySecret.witness(owners.getFirst(), secret), witness);
    var digests = KeySecret.digests(secret);
    known.put(key, new Known(wish, version(applied), digests, now));
    return digests;
  }

  /** Forgets what was read for an owner that is gone. */
  public void forget(HasMetadata gone) {
    known
        .values()
        .removeIf(one -> one.wish().generations().containsKey(gone.getMetadata().getUid()));
  }

  private static String version(ConfigMap witness) {
    return witness.getMetadata().getUid() + "/" + witness.getMetadata().getResourceVersion();
  }
}
