package io.mistraloperator.operator.mistraldeployment.resources;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.ModelCache;
import io.mistraloperator.api.ModelCache.AccessMode;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.kube.OwnerReferences;
import java.util.Objects;

/** Makes the claim that keeps the fetched weights of one deployment; it goes with its owner. */
public final class WeightsClaim {
  private WeightsClaim() {}

  /**
   * The claim.
   *
   * @param cache a cache with a size
   */
  public static PersistentVolumeClaim of(MistralDeployment owner, String name, ModelCache cache) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(owner.getMetadata().getNamespace())
        .withLabels(Labels.of(owner, Labels.ENGINE))
        .withOwnerReferences(OwnerReferences.controller(owner))
        .endMetadata()
        .withNewSpec()
        .withAccessModes(mode(cache).name())
        .withStorageClassName(cache.storageClassName())
        .withNewResources()
        .addToRequests("storage", new Quantity(cache.size()))
        .endResources()
        .endSpec()
        .build();
  }

  /** Access mode of the claim that a cache asks for. */
  public static AccessMode mode(ModelCache cache) {
    return Objects.requireNonNullElse(cache.accessMode(), AccessMode.ReadWriteOnce);
  }
}
