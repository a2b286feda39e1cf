package io.mistraloperator.api;

/**
 * Azure's word for what the control plane is doing (sections D1 and D2); derived from the
 * conditions.
 */
public enum ProvisioningState {
  /** Made for the first time. */
  Creating,
  /** A changed spec is being rolled out. */
  Updating,
  /** Only the number of instances is changing. */
  Scaling,
  /** As wanted. */
  Succeeded,
  /** Needs a person; the conditions say why. */
  Failed
}
