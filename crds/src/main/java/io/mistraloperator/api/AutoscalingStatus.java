package io.mistraloperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;

/**
 * What the load of an endpoint asks for; also where an operator that has just started goes on.
 * Times are RFC 3339 in UTC with seconds; absent ones are {@code null}.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AutoscalingStatus(
    @JsonPropertyDescription("Instances that are to run.") Integer desired,
    @JsonPropertyDescription(
            "Instances that the load asks for, whatever minInstances and maxInstances are. Told anew at most every 30 seconds.")
        Integer asked,
    @JsonPropertyDescription(
            "Requests in flight or held, the mean of the stable window rounded up. Told anew at most every 30 seconds.")
        Integer load,
    @JsonPropertyDescription("Requests in flight that one instance should have.") Integer target,
    @JsonPropertyDescription(
            "Why there are as many: Started, Load, Burst, Wake, Idle, Minimum or Maximum.")
        Reason reason,
    @Size(max = 32) @JsonPropertyDescription("When the number of instances last changed.")
        String lastScaleTime,
    @Size(max = 32) @JsonPropertyDescription(
            "When the last request ended. Absent while there are requests, and for a minute after.")
        String idleSince) {

  /** Why there are as many instances. */
  public enum Reason {
    /** Nothing has been decided yet. */
    Started,
    /** The mean of the stable window. */
    Load,
    /** The mean of the panic window, which is far above what the instances should have. */
    Burst,
    /** A request came while there was no instance. */
    Wake,
    /** There was no request for long enough. */
    Idle,
    /** The load asks for fewer than {@code minInstances}, or than a schedule that is in force. */
    Minimum,
    /** The load asks for more than {@code maxInstances}. */
    Maximum
  }
}
