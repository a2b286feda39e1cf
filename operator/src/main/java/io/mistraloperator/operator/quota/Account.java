package io.mistraloperator.operator.quota;

import io.mistraloperator.api.InferenceQuota;
import io.mistraloperator.api.MistralDeployment;

/**
 * Whose cores a deployment uses: those of its project, or those that all projects share (row
 * D2.25).
 *
 * @param namespace of the quota that holds the ledger
 * @param name of that quota
 */
public record Account(String namespace, String name) {
  /** The account of which a quota is the ledger. */
  public static Account of(InferenceQuota quota) {
    return new Account(quota.getMetadata().getNamespace(), quota.getMetadata().getName());
  }

  /**
   * The account of a deployment.
   *
   * @param platform the operator's own namespace
   */
  public static Account of(MistralDeployment deployment, String platform) {
    return deployment.getSpec().sharedQuota() == null
        ? new Account(deployment.getMetadata().getNamespace(), InferenceQuota.NAME)
        : new Account(platform, InferenceQuota.SHARED);
  }

  /** Whether all projects share it. */
  public boolean isShared() {
    return name.equals(InferenceQuota.SHARED);
  }
}
