package io.mistraloperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/**
 * Bounds of one request to an endpoint, and of how many there are at a time (rows D2.3, D2.12,
 * G17). Absent fields are {@code null}: the platform's defaults hold; without a number of
 * concurrent requests there is no bound.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RequestSettings(
    @Min(1) @Max(86400) @JsonPropertyDescription(
            "Seconds from the beginning of a request to the end of its answer. Default: the platform's, one hour unless changed.")
        Integer timeoutSeconds,
    @Min(1) @Max(60) @JsonPropertyDescription(
            "Seconds that connecting to an instance may take, then another is tried. Default: 2.")
        Integer connectTimeoutSeconds,
    @Min(1) @Max(86400) @JsonPropertyDescription(
            "Seconds that the model may take to begin its answer. Default: the platform's, ten minutes unless changed.")
        Integer firstTokenTimeoutSeconds,
    @Min(1) @Max(86400) @JsonPropertyDescription(
            "Seconds that the model may be silent in the middle of an answer. Default: the platform's, ten minutes unless changed.")
        Integer betweenTokensTimeoutSeconds,
    @Min(1024) @Max(67108864) @JsonPropertyDescription(
            "Bytes that the body of a request may have. Default: the platform's, 4194304 unless changed.")
        Integer maxBodyBytes,
    @Min(1) @Max(10000) @JsonPropertyDescription(
            "Requests that one instance answers at a time. Further ones wait; beyond twice as many in all they are refused with 429. Each gateway counts by itself. Default: no bound.")
        Integer maxConcurrentRequestsPerInstance,
    @Default(RequestSettings.QUEUE_WAIT)
        @Min(0) @Max(3600) @JsonPropertyDescription(
            "Seconds that a request waits while all instances answer maxConcurrentRequestsPerInstance, then it is refused with 429. 0: not at all. Without effect where that is not set.")
        Integer maxQueueWaitSeconds) {
  /** Default of {@code maxQueueWaitSeconds}. */
  public static final String QUEUE_WAIT = "60";
}
