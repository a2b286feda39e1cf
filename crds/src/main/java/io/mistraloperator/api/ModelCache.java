package io.mistraloperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * The volume that keeps fetched weights; absent optional fields are {@code null}. Exactly one of
 * {@code claimName} and {@code size} is set.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "has(self.claimName) != has(self.size)",
    message =
        "a cache has exactly one of claimName (a claim that is there, which deployments may share) and size (a claim that is made for this deployment)")
@ValidationRule(
    value = "has(self.size) || !has(self.storageClassName) && !has(self.accessMode)",
    message = "storageClassName and accessMode are for the claim that is made: they go with size")
@ValidationRule(
    value =
        "!has(self.size) || !has(oldSelf.size) || quantity(self.size).compareTo(quantity(oldSelf.size)) >= 0",
    message = "size can only grow: a volume cannot be made smaller",
    fieldPath = ".size")
@ValidationRule(
    value =
        "!has(self.size) || !has(oldSelf.size) || "
            + "(has(self.storageClassName) ? self.storageClassName : '') == (has(oldSelf.storageClassName) ? oldSelf.storageClassName : '') && "
            + "(has(self.accessMode) ? self.accessMode : 'ReadWriteOnce') == (has(oldSelf.accessMode) ? oldSelf.accessMode : 'ReadWriteOnce')",
    message =
        "storageClassName and accessMode of a claim cannot be changed: take spec.cache away and set it anew, the weights are then fetched again")
public record ModelCache(
    @Size(min = 1, max = 253) @JsonPropertyDescription(
            "A claim of the same namespace. Deployments may share it; each model is fetched into it once.")
        String claimName,
    @Size(min = 3, max = 12) @Pattern("^[1-9][0-9]{0,9}(Mi|Gi|Ti)$") @JsonPropertyDescription(
            "Size of a claim that is made for this deployment and goes with it, for instance 50Gi. Can only grow.")
        String size,
    @Size(min = 1, max = 253) @JsonPropertyDescription("Storage class of that claim. Default: the cluster's.")
        String storageClassName,
    @JsonPropertyDescription(
            "Access mode of that claim. ReadWriteOnce, the default: all instances run on one node. ReadWriteMany: on any.")
        AccessMode accessMode) {

  /** How many nodes may mount the claim. */
  public enum AccessMode {
    /** One node at a time. */
    ReadWriteOnce,
    /** Many nodes. */
    ReadWriteMany
  }
}
