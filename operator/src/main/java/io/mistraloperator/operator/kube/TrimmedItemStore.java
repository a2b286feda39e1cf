package io.mistraloperator.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.List;

/**
 * Keeps what a watch tells, but not who wrote which field: nobody here reads it, and it is more
 * than half of an object in memory.
 */
public final class TrimmedItemStore<R extends HasMetadata> extends BasicItemStore<R> {
  public TrimmedItemStore() {
    super(Cache::metaNamespaceKeyFunc);
  }

  @Override
  public R put(String key, R object) {
    object.getMetadata().setManagedFields(List.of());
    return super.put(key, object);
  }
}
