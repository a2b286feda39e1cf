package io.mistraloperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/**
 * Revision numbers of an endpoint's two keys; raising one replaces that key alone (rows D1.7,
 * D2.14).
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EndpointKeys(
    @Default("1")
        @Min(1) @Max(1000000) @JsonPropertyDescription(
            "Revision of the primary key. Another number replaces that key within seconds.")
        Integer primary,
    @Default("1")
        @Min(1) @Max(1000000) @JsonPropertyDescription(
            "Revision of the secondary key. Another number replaces that key within seconds.")
        Integer secondary) {}
