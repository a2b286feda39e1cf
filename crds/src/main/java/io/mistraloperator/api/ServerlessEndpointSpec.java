package io.mistraloperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * What a project wants of one {@link ServerlessEndpoint}. Absent optional fields are {@code null}.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "has(self.endpointName) == has(oldSelf.endpointName) && (!has(self.endpointName) || self.endpointName == oldSelf.endpointName)",
    message =
        "spec.endpointName cannot be changed, applications call that URL: make a new endpoint and delete this one",
    fieldPath = ".endpointName")
public record ServerlessEndpointSpec(
    @Required
        @Size(min = 1, max = 128) @ValidationRule(
            value = "self == oldSelf",
            message =
                "spec.model cannot be changed: make a new endpoint for the other model and delete this one")
        @JsonPropertyDescription(
            "Catalogue id or alias of a model with a serverless offer, see 'kubectl get mistralmodels'. One endpoint per model and project. Cannot be changed.")
        String model,
    @Size(min = 3, max = 32) @Pattern("^" + Api.ENDPOINT_NAME + "$")
        @JsonPropertyDescription(
            "Name in the endpoint's URL, unique in the region regardless of case: "
                + Api.ENDPOINT_NAME_WORDS
                + ". Default: metadata.name. Cannot be changed.")
        String endpointName,
    @Default("{}") @JsonPropertyDescription("Revisions of the endpoint's two keys.")
        EndpointKeys keys,
    @JsonPropertyDescription("Bounds of one request to the endpoint.")
        RequestSettings requestSettings,
    @JsonPropertyDescription(
            "With what applications prove who they are. Default: the endpoint's keys.")
        EndpointAuth auth) {}
