package io.mistraloperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** How applications reach a model (rows A6.3, A6.6, A6.7, A8.1). */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EndpointStatus(
    @JsonPropertyDescription("Name in the URL.") String name,
    @JsonPropertyDescription("Base URL for applications.") String url,
    @JsonPropertyDescription("Base URL for applications inside the cluster.") String clusterUrl,
    @JsonPropertyDescription(
            "Secret of the same namespace with primaryKey, secondaryKey, endpoint and ca.crt.")
        String keySecret,
    @JsonPropertyDescription("Model name that the endpoint answers with.") String modelName,
    @JsonPropertyDescription("chat-completions or text-generation.") String modelType) {}
