package io.mistraloperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * Cores that the platform lends to all projects for a test (rows A2.5, D2.25).
 *
 * @param acknowledged that the deployment is deleted when its time is over
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SharedQuota(
    @Required
        @ValidationRule(
            value = "self",
            message =
                "spec.sharedQuota.acknowledged must be true: a deployment on the shared quota is deleted "
                    + SharedQuota.HOURS
                    + " hours after it was made. To use the project's own quota, leave spec.sharedQuota out")
        @JsonPropertyDescription(
            "true: it is known that this deployment is deleted "
                + SharedQuota.HOURS
                + " hours after it was made.")
        Boolean acknowledged) {
  /** Hours from the creation of a deployment to its deletion (rows A2.6, D2.26). */
  public static final int HOURS = 168;
}
