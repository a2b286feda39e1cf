package io.mistraloperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;

/** How a new version replaces the old one, where the operator's own choice will not do. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "!has(self.maxSurge) || !has(self.maxUnavailable) || !(string(self.maxSurge) in ['0', '0%']) || !(string(self.maxUnavailable) in ['0', '0%'])",
    message =
        "spec.rollout.maxSurge and spec.rollout.maxUnavailable must not both be 0: no instance could ever be replaced; raise one of them",
    fieldPath = ".maxUnavailable")
public record RolloutSettings(
    @ValidationRule(
            value = "type(self) != int || self >= 0 && self <= 50",
            message = "spec.rollout.maxSurge is a number from 0 to 50, or a percentage like 25%")
        @JsonPropertyDescription(
            "Instances that may run beyond spec.instances while a new version comes: a number, or a percentage of the instances, rounded up. Never more than the cores that the quota keeps for upgrades. Default: 1, and 0 where there turns out to be no room for one.")
        IntOrString maxSurge,
    @ValidationRule(
            value = "type(self) != int || self >= 0 && self <= 50",
            message =
                "spec.rollout.maxUnavailable is a number from 0 to 50, or a percentage like 25%")
        @JsonPropertyDescription(
            "Instances that may be missing while a new version comes: a number, or a percentage of the instances, rounded down. 0: an old instance goes only once a new one answers, whatever time that takes. Default: 0, and 1 where no instance more has room.")
        IntOrString maxUnavailable) {
  /** What a text must be: a percentage. */
  static final String PERCENT = "^([0-9]|[1-9][0-9]|100)%$";
}
