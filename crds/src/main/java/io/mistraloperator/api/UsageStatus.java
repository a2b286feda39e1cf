package io.mistraloperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;

/** What a deployment has used in a month (rows A22.3, A22.4). */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UsageStatus(
    @Size(max = 7) @JsonPropertyDescription("The month in UTC, for instance 2026-11.") String month,
    @Size(max = 24) @JsonPropertyDescription("Hours of instances, from when each has a node until it is gone.")
        String instanceHours,
    @Size(max = 24) @JsonPropertyDescription("Hours of CPU cores.") String coreHours,
    @Size(max = 24) @JsonPropertyDescription("Hours of GPUs. Absent without any.") String gpuHours,
    @Size(max = 64) @JsonPropertyDescription(
            "Amount and currency, by the prices of the machine types. Absent without a price.")
        String cost,
    @Size(max = 24) @JsonPropertyDescription(
            "Up to when it is counted: at each change of the instances, and every hour.")
        String asOf) {}
