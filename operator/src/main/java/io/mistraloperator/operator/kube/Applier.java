package io.mistraloperator.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Writes desired objects by server-side apply, as one field manager. Writes go through the plain
 * client: the framework's own path swallows events that arrive while it writes.
 *
 * <p>An apply that would change nothing is left out: when the object was applied before in the same
 * form, and the cached object is still the one that came of it; or when another process applied it,
 * as a digest on the object says, and nobody has changed what it says since.
 */
@Singleton
public class Applier {
  private static final String OWN_ANNOTATIONS = "mistraloperator.io/";

  private final KubernetesClient client;
  private final Map<String, Map<String, Applied>> memory = new ConcurrentHashMap<>();

  private final Departed departed;

  public Applier(KubernetesClient client, Departed departed) {
    this.client = client;
    this.departed = departed;
  }

  /**
   * Makes the object as desired.
   *
   * @param owner whose object it is
   * @param desired the wanted form
   * @param observed the cached object; empty when the caches have none
   * @return the object as the server has it
   * @throws NameTakenException when the name belongs to somebody else
   */
  public <T extends HasMetadata> T apply(HasMetadata owner, T desired, Optional<T> observed) {
    Optional<T> existing =
        observed.isPresent() ? observed : Optional.ofNullable(client.resource(desired).get());
    if (existing.isPresent() && !ours(existing.get(), desired)) {
      throw NameTakenException.by(existing.get(), desired);
    }
    String form = Forms.digest(desired);
    var applied = memory(owner).get(key(desired));
    boolean asItWas =
        applied != null
            && applied.form().equals(form)
            && existing.filter(object -> applied.outcome().equals(fingerprint(object))).isPresent();
    // Another process has applied it: so a start, or another leader, does not write all anew.
    boolean asWanted =
        applied == null
            && existing.filter(object -> Forms.isApplied(desired, form, object)).isPresent();
    if (asWanted) {
      memory(owner).put(key(desired), new Applied(form, fingerprint(existing.get())));
    }
    if (asItWas || asWanted) {
      return existing.get();
    }
    Forms.sign(desired, form);
    T result =
        client.resource(desired).fieldManager(Labels.OPERATOR).forceConflicts().serverSideApply();
    memory(owner).put(key(desired), new Applied(form, fingerprint(result)));
    return result;
  }

  /** Whether an observed object is no older than what was applied last. */
  public boolean isLatest(HasMetadata owner, HasMetadata observed) {
    var applied = memory(owner).get(key(observed));
    return applied == null || applied.outcome().equals(fingerprint(observed));
  }

  /** Deletes an observed object that is no longer wanted, if it is the owner's. */
  public <T extends HasMetadata> void prune(HasMetadata owner, Optional<T> observed) {
    observed.filter(object -> OwnerReferences.owns(owner, object)).ifPresent(this::delete);
  }

  /** Deletes exactly this object; one that is gone or was made anew by others is left alone. */
  public void delete(HasMetadata observed) {
    try {
      client.resource(observed).lockResourceVersion().delete();
    } catch (KubernetesClientException e) {
      if (!ApiErrors.notFound(e) && !ApiErrors.conflict(e)) {
        throw e;
      }
    }
  }

  /** Forgets what was applied for an owner that is gone. */
  public void forget(HasMetadata owner) {
    memory.remove(owner.getMetadata().getUid());
  }

  private Map<String, Applied> memory(HasMetadata owner) {
    String uid = owner.getMetadata().getUid();
    var known = memory.computeIfAbsent(uid, ignored -> new ConcurrentHashMap<>());
    if (departed.contains(uid)) {
      memory.remove(uid);
    }
    return known;
  }

  private static boolean ours(HasMetadata existing, HasMetadata desired) {
    var owners = uids(desired);
    var controller = OwnerReferences.controllerOf(existing).map(OwnerReference::getUid);
    if (controller.filter(owners::contains).isPresent()) {
      return true;
    }
    var labels = Optional.ofNullable(existing.getMetadata().getLabels()).orElse(Map.of());
    boolean made = Labels.OPERATOR.equals(labels.get(Labels.MANAGED_BY));
    // The controller of what several own may be gone, and its reference still be there.
    return made && (owners.isEmpty() || !Collections.disjoint(owners, uids(existing)));
  }

  private static Set<String> uids(HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream()
        .map(OwnerReference::getUid)
        .collect(Collectors.toSet());
  }

  private static String key(HasMetadata object) {
    return object.getKind()
        + "/"
        + object.getMetadata().getNamespace()
        + "/"
        + object.getMetadata().getName();
  }

  /** Changes when somebody changes what we apply; not when only the object's status changes. */
  private static String fingerprint(HasMetadata object) {
    var metadata = object.getMetadata();
    Long generation = metadata.getGeneration();
    Map<String, String> annotations = new TreeMap<>();
    Optional.ofNullable(metadata.getAnnotations())
        .orElse(Map.of())
        .forEach(
            (name, value) -> {
              if (name.startsWith(OWN_ANNOTATIONS)) {
                annotations.put(name, value);
              }
            });
    return String.join(
        "|",
        metadata.getUid(),
        generation == null || generation == 0
            ? metadata.getResourceVersion()
            : generation.toString(),
        new TreeMap<>(Optional.ofNullable(metadata.getLabels()).orElse(Map.of())).toString(),
        annotations.toString(),
        metadata.getOwnerReferences().toString());
  }

  private record Applied(String form, String outcome) {}
}
