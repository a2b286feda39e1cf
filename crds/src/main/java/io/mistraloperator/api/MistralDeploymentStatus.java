package io.mistraloperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;

/** What the operator last saw of a {@link MistralDeployment}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MistralDeploymentStatus(
    @JsonPropertyDescription("metadata.generation that this status is about.")
        Long observedGeneration,
    @JsonPropertyDescription(
            "Ready: answers requests now. Progressing: the newest spec is being rolled out. Stalled: a person is needed. The others name the parts.")
        List<Condition> conditions,
    @JsonPropertyDescription(
            "Creating, Updating, Scaling, Succeeded or Failed; derived from the conditions.")
        ProvisioningState provisioningState,
    @JsonPropertyDescription("How to call the model.") EndpointStatus endpoint,
    @JsonPropertyDescription("Instance counts.") Instances instances,
    @JsonPropertyDescription("What the load asks for. Only with spec.autoscaling.")
        AutoscalingStatus autoscaling,
    @JsonPropertyDescription("What the operator decided to run.") PlanStatus plan,
    @JsonPropertyDescription("The weights on their way.") FetchStatus fetch,
    @StatusReplicas @JsonPropertyDescription("Instances that exist, for the scale subresource.")
        Integer replicas,
    @LabelSelector
        @JsonPropertyDescription("Label selector of the instances, for the scale subresource.")
        String selector,
    @JsonPropertyDescription("How the newest spec is being rolled out.") RolloutStatus rollout,
    @JsonPropertyDescription(
            "Percent of the endpoint's requests that this deployment answers now. Absent without an endpoint.")
        Integer traffic,
    @JsonPropertyDescription(
            "When the deployment is deleted, since it is on the shared quota. Set once.")
        String expiresAt,
    @JsonPropertyDescription("What the deployment has used this month.") UsageStatus usage) {

  /** Instance counts. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Instances(
      @JsonPropertyDescription("Instances wanted.") Integer desired,
      @JsonPropertyDescription("Instances that answer.") Integer ready,
      @JsonPropertyDescription("Instances that run the newest spec.") Integer updated,
      @JsonPropertyDescription("ready/desired.") String summary) {}
}
