package io.mistraloperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** When an instance counts as alive and as ready (row D2.13). Absent ones are {@code null}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EngineProbes(
    @JsonPropertyDescription(
            "An instance that fails it is started again. Default: every 10 seconds, 6 failures.")
        Settings liveness,
    @JsonPropertyDescription(
            "An instance that fails it gets no requests. Default: every 5 seconds, 3 failures.")
        Settings readiness) {

  /**
   * How often and how patiently an instance is asked, once it has answered a completion; one
   * success is enough.
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Settings(
      @Min(0) @Max(3600) @JsonPropertyDescription(
              "Seconds after the start of the container before it is first asked. Default: 0; a model that still loads is not asked anyway.")
          Integer initialDelaySeconds,
      @Min(1) @Max(600) @JsonPropertyDescription("Seconds from one time to the next.")
          Integer periodSeconds,
      @Min(1) @Max(300) @JsonPropertyDescription("Seconds after which no answer is a failure. Default: 5.")
          Integer timeoutSeconds,
      @Min(1) @Max(1000) @JsonPropertyDescription("Failures in a row after which it does not count.")
          Integer failureThreshold) {}
}
