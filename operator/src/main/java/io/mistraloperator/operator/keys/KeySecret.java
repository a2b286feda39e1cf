package io.mistraloperator.operator.keys;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.mistraloperator.api.EndpointKeys;
import io.mistraloperator.api.InferenceRouteSpec.KeyDigest;
import io.mistraloperator.operator.kube.Hashes;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.kube.OwnerReferences;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The Secret of an endpoint: two keys, the URL and the certificate of the authority. A key is kept
 * as long as its revision is the wanted one and it has the form of a key; one that a project put in
 * itself is kept as well.
 */
public final class KeySecret {
  static final String PRIMARY = "primary";
  static final String SECONDARY = "secondary";
  private static final String WITNESS = "keys";
  private static final String REVISION = "mistraloperator.io/%s-revision";

  private KeySecret() {}

  /**
   * The wanted Secret.
   *
   * @param owners the endpoint's objects, the one whose revisions are wanted first
   * @param name name of the Secret
   * @param existing the Secret as it is
   * @param wanted revisions of the two keys
   * @param url the endpoint's URL
   * @param authority certificates that clients must trust, in PEM form
   * @param newKey makes a key
   */
  static Secret desired(
      List<? extends HasMetadata> owners,
      String name,
      Optional<Secret> existing,
      Revisions wanted,
      String url,
      Optional<String> authority,
      Supplier<String> newKey) {
    Map<String, String> data = new TreeMap<>();
    HasMetadata owner = owners.getFirst();
    var old = existing.map(secret -> new Old(secret, isOf(secret, owner)));
    data.put(entry(PRIMARY), key(old, PRIMARY, wanted.primary()).orElseGet(newKey));
    data.put(entry(SECONDARY), key(old, SECONDARY, wanted.secondary()).orElseGet(newKey));
    data.put("endpoint", url);
    authority.ifPresent(certificates -> data.put("ca.crt", certificates));
    data.replaceAll((entry, text) -> encode(text));
    return new SecretBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(owner.getMetadata().getNamespace())
        .withLabels(Labels.of(owner, Labels.ENDPOINT))
        .withAnnotations(
            Map.of(
                REVISION.formatted(PRIMARY), Integer.toString(wanted.primary()),
                REVISION.formatted(SECONDARY), Integer.toString(wanted.secondary())))
        .withOwnerReferences(OwnerReferences.shared(owners))
        .endMetadata()
        .withType("Opaque")
        .withData(data)
        .build();
  }

  /**
   * An object that goes when the Secret goes, because the Secret is its only owner. Secrets are not
   * watched, this is; so a deleted Secret is noticed at once and nothing has to be polled.
   *
   * @param secret the Secret as the server has it
   */
  static ConfigMap witness(HasMetadata owner, Secret secret) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(secret.getMetadata().getName())
        .withNamespace(secret.getMetadata().getNamespace())
        .withLabels(Labels.of(owner, WITNESS))
        .addNewOwnerReference()
        .withApiVersion("v1")
        .withKind("Secret")
        .withName(secret.getMetadata().getName())
        .withUid(secret.getMetadata().getUid())
        .endOwnerReference()
        .endMetadata()
        .withData(Map.of("purpose", "Goes with the Secret of this name, which tells the operator."))
        .build();
  }

  /** Digests of both keys, for the gateway. */
  static List<KeyDigest> digests(Secret secret) {
    return List.of(digest(secret, PRIMARY), digest(secret, SECONDARY));
  }

  private static KeyDigest digest(Secret secret, String name) {
    return new KeyDigest(name, Hashes.sha256(decode(secret.getData().get(entry(name)))));
  }

  /**
   * The Secret as it is.
   *
   * @param counted whether its revisions are those of the object whose revisions are wanted. One
   *     that takes an endpoint over counts from where it stands: that alone changes no key.
   */
  private record Old(Secret secret, boolean counted) {}

  private static boolean isOf(Secret secret, HasMetadata owner) {
    return Labels.owner(secret)
        .map(Labels.Owner::uid)
        .filter(uid -> !uid.equals(owner.getMetadata().getUid()))
        .isEmpty();
  }

  private static Optional<String> key(Optional<Old> existing, String name, int revision) {
    return existing
        .filter(
            old ->
                !old.counted()
                    || Integer.toString(revision)
                        .equals(
                            Optional.ofNullable(old.secret().getMetadata().getAnnotations())
                                .orElse(Map.of())
                                .get(REVISION.formatted(name))))
        .map(Old::secret)
        .flatMap(secret -> Optional.ofNullable(secret.getData()))
        .flatMap(data -> Optional.ofNullable(data.get(entry(name))))
        .map(KeySecret::decode)
        .filter(KeyGenerator::isKey);
  }

  private static String entry(String name) {
    return name + "Key";
  }

  private static String encode(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  /** Wanted revisions of the keys. */
  public record Revisions(int primary, int secondary) {
    /** Reads the wire form; absent ones are 1. */
    public static Revisions of(EndpointKeys keys) {
      var given = Optional.ofNullable(keys);
      return new Revisions(
          given.map(EndpointKeys::primary).orElse(1), given.map(EndpointKeys::secondary).orElse(1));
    }
  }
}
