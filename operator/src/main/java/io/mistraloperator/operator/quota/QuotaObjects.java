package io.mistraloperator.operator.quota;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mistraloperator.api.InferenceQuota;
import io.mistraloperator.api.InferenceQuotaSpec;
import io.mistraloperator.api.InferenceQuotaStatus;
import io.mistraloperator.operator.kube.ApiErrors;
import io.mistraloperator.operator.kube.Labels;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Reads and writes the objects that hold the ledgers. */
final class QuotaObjects {
  private final KubernetesClient client;

  QuotaObjects(KubernetesClient client) {
    this.client = client;
  }

  Optional<InferenceQuota> read(Account account) {
    return Optional.ofNullable(
        client
            .resources(InferenceQuota.class)
            .inNamespace(account.namespace())
            .withName(account.name())
            .get());
  }

  /** Makes the object of a project for which the platform has made none. */
  InferenceQuota make(String project) {
    var quota = new InferenceQuota();
    quota.setMetadata(
        new ObjectMetaBuilder()
            .withName(InferenceQuota.NAME)
            .withNamespace(project)
            .withLabels(Map.of(Labels.MANAGED_BY, Labels.OPERATOR, Labels.PART_OF, "mistral"))
            .build());
    quota.setSpec(new InferenceQuotaSpec(null));
    return client.resource(quota).create();
  }

  /** Whether the operator made it and the platform has written nothing into it. */
  static boolean isOurs(InferenceQuota quota) {
    var labels = Objects.requireNonNullElse(quota.getMetadata().getLabels(), Map.of());
    boolean noLimits =
        quota.getSpec() == null
            || quota.getSpec().families() == null
            || quota.getSpec().families().isEmpty();
    return noLimits && Labels.OPERATOR.equals(labels.get(Labels.MANAGED_BY));
  }

  /**
   * Writes the status if the object is still at the version that was read.
   *
   * @throws KubernetesClientException a conflict when it is not
   */
  InferenceQuota write(InferenceQuota read, InferenceQuotaStatus status) {
    var changed = new InferenceQuota();
    changed.setMetadata(read.getMetadata());
    changed.setSpec(read.getSpec());
    changed.setStatus(status);
    return client.resource(changed).lockResourceVersion().updateStatus();
  }

  /** Removes exactly this version. */
  void delete(InferenceQuota read) {
    try {
      client.resource(read).lockResourceVersion().delete();
    } catch (KubernetesClientException e) {
      if (!ApiErrors.notFound(e)) {
        throw e;
      }
    }
  }
}
