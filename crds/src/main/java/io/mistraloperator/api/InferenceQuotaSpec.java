package io.mistraloperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/**
 * What the platform lets a project use (row D2.21).
 *
 * @param families limits by family; {@code null} when there is none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InferenceQuotaSpec(
    @Size(max = 64) @JsonPropertyDescription(
            "Limits by machine family. A family that is not listed has the platform's default.")
        List<Family> families) {

  /** Limit of one family. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Family(
      @Required
          @Size(min = 1, max = 63) @JsonPropertyDescription("Machine family, see 'kubectl get instancetypes'.")
          String name,
      @Required
          @Min(0) @Max(1000000) @JsonPropertyDescription(
              "Cores that the project's deployments may have together. Each counts as ceil(1.2 x instances) x cores of its instance type. A lower number stops nothing that runs.")
          Integer cores) {}
}
