package io.mistraloperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * How the load of an endpoint decides how many instances run. {@code targetInFlight} and {@code
 * schedules} are {@code null} where they are absent; the API server fills in the others.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "self.minInstances <= self.maxInstances",
    message =
        "spec.autoscaling.minInstances must not be above spec.autoscaling.maxInstances: lower the one or raise the other",
    fieldPath = ".minInstances")
@ValidationRule(
    value =
        "!has(self.schedules) || self.schedules.all(schedule, schedule.minInstances <= self.maxInstances)",
    message =
        "minInstances of a schedule must not be above spec.autoscaling.maxInstances: lower the one or raise the other",
    fieldPath = ".schedules")
public record Autoscaling(
    @Default("1")
        @Min(0) @Max(50) @JsonPropertyDescription(
            "Instances that run without any load, 0 to 50. 0: none runs while nobody asks, and the next request is held while one starts.")
        Integer minInstances,
    @Required
        @Min(1) @Max(50) @JsonPropertyDescription("Instances that run at most, 1 to 50; quota may allow less.")
        Integer maxInstances,
    @Min(1) @Max(10000) @JsonPropertyDescription(
            "Requests in flight that one instance should have. Default: 70 % of status.plan.concurrency.")
        Integer targetInFlight,
    @Default("900")
        @Min(10) @Max(604800) @JsonPropertyDescription(
            "Seconds without any request after which the last instance goes. Only with minInstances 0; the time starts when an instance answers.")
        Integer scaleToZeroAfterSeconds,
    @Default("120")
        @Min(6) @Max(3600) @JsonPropertyDescription("Seconds of load whose mean decides.")
        Integer stableWindowSeconds,
    @Default("10")
        @Min(1) @Max(100) @JsonPropertyDescription(
            "Percent of the stable window whose mean tells a burst, at least one second.")
        Integer panicWindowPercent,
    @Default("200")
        @Min(110) @Max(1000) @JsonPropertyDescription(
            "Percent of what the instances should have that makes load a burst; in a burst their number only grows.")
        Integer panicThresholdPercent,
    @Default("600")
        @Min(0) @Max(86400) @JsonPropertyDescription(
            "Seconds that load must have asked for fewer instances before any goes.")
        Integer scaleDownDelaySeconds,
    @Default("{}")
        @JsonPropertyDescription(
            "How requests wait while no instance runs. Only with minInstances 0.")
        InferenceRouteSpec.Hold hold,
    @Size(max = 16) @JsonPropertyDescription(
            "Hours of the week in which more instances run without any load than minInstances.")
        List<ScalingSchedule> schedules) {}
