package io.mistraloperator.operator.kube;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Writes status by server-side apply with the plain client, and only when it differs. The
 * framework's own status patch loses spec edits that arrive just before it, hence not that one.
 */
@Singleton
public class StatusWriter {
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(Labels.OPERATOR)
          .withForce(true)
          .build();

  private final KubernetesClient client;
  private final Map<String, Written> memory = new ConcurrentHashMap<>();

  public StatusWriter(KubernetesClient client) {
    this.client = client;
  }

  /** The newest known status: our own last one where the cache still lags behind it. */
  @SuppressWarnings("unchecked")
  public <S> Optional<S> latest(CustomResource<?, S> resource) {
    var written = memory.get(resource.getMetadata().getUid());
    if (written != null
        && version(resource.getMetadata().getResourceVersion()) < written.version()) {
      return Optional.of((S) written.status());
    }
    return Optional.ofNullable(resource.getStatus());
  }

  /**
   * Writes the status unless it is there already.
   *
   * @param resource the received object, which is not changed
   * @param status the wanted status
   * @param fresh makes an empty object of the same kind
   */
  public <S, R extends CustomResource<?, S>> void write(R resource, S status, Supplier<R> fresh) {
    if (latest(resource).filter(status::equals).isPresent()) {
      return;
    }
    R patch = fresh.get();
    patch.setMetadata(
        new ObjectMetaBuilder()
            .withName(resource.getMetadata().getName())
            .withNamespace(resource.getMetadata().getNamespace())
            .withUid(resource.getMetadata().getUid())
            .build());
    patch.setStatus(status);
    try {
      R result = client.resource(patch).subresource("status").patch(APPLY);
      memory.put(
          resource.getMetadata().getUid(),
          new Written(version(result.getMetadata().getResourceVersion()), status));
    } catch (KubernetesClientException e) {
      if (!ApiErrors.notFound(e)) {
        throw e;
      }
      forget(resource);
    }
  }

  /** Forgets an object that is gone. */
  public void forget(CustomResource<?, ?> resource) {
    memory.remove(resource.getMetadata().getUid());
  }

  private static long version(String resourceVersion) {
    return Long.parseLong(resourceVersion);
  }

  private record Written(long version, Object status) {}
}
