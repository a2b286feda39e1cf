package io.mistraloperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/** What the operator last saw of a {@link ServerlessEndpoint}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ServerlessEndpointStatus(
    @JsonPropertyDescription("metadata.generation that this status is about.")
        Long observedGeneration,
    @JsonPropertyDescription(
            "Ready: answers requests now. Progressing: work is under way. Stalled: a person is needed. The others name the parts.")
        List<Condition> conditions,
    @JsonPropertyDescription(
            "Creating, Updating, Succeeded or Failed; derived from the conditions.")
        ProvisioningState provisioningState,
    @JsonPropertyDescription("Creating, Online or CreationFailed; derived from the conditions.")
        EndpointState endpointState,
    @JsonPropertyDescription("How to call the model.") EndpointStatus endpoint) {

  /** Life of a serverless endpoint in Azure's words (section D1). */
  public enum EndpointState {
    /** Not yet online. */
    Creating,
    /** Serving. */
    Online,
    /** Refused; the conditions say why. */
    CreationFailed
  }
}
