package io.mistraloperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.List;
import java.util.Map;

/**
 * What a project wants of one {@link MistralDeployment}. Absent optional fields are {@code null}.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "has(self.endpointName) == has(oldSelf.endpointName) && (!has(self.endpointName) || self.endpointName == oldSelf.endpointName)",
    message =
        "spec.endpointName cannot be changed, applications call that URL: make a new deployment and delete this one",
    fieldPath = ".endpointName")
@ValidationRule(
    value = "!has(self.autoscaling) || !has(self.instances) || self.instances == 1",
    message =
        "spec.instances and spec.autoscaling exclude each other: leave spec.instances out, or take spec.autoscaling away",
    fieldPath = ".instances")
@ValidationRule(
    value = "!has(self.autoscaling) || !has(self.expose) || self.expose",
    message =
        "spec.autoscaling follows the load of the endpoint, which spec.expose: false takes away: set spec.instances instead",
    fieldPath = ".autoscaling")
@ValidationRule(
    value =
        "!has(self.expose) || self.expose || ((!has(self.traffic) || self.traffic == 0) && (!has(self.mirror) || self.mirror == 0))",
    message =
        "spec.traffic and spec.mirror are shares of an endpoint, which spec.expose: false takes away: leave them out",
    fieldPath = ".traffic")
@ValidationRule(
    value = "has(self.sharedQuota) == has(oldSelf.sharedQuota)",
    message =
        "spec.sharedQuota cannot be added or taken away, it decides how long the deployment lives: make a new deployment and delete this one",
    fieldPath = ".sharedQuota")
public record MistralDeploymentSpec(
    @Required
        @Size(min = 1, max = 128) @ValidationRule(
            value = "self == oldSelf",
            message =
                "spec.model cannot be changed: make a new deployment for the other model and delete this one")
        @JsonPropertyDescription(
            "Catalogue id or alias of the model, see 'kubectl get mistralmodels'. Cannot be changed.")
        String model,
    @Size(min = 3, max = 32) @Pattern("^" + Api.ENDPOINT_NAME + "$")
        @JsonPropertyDescription(
            "Name in the endpoint's URL, unique in the region regardless of case: "
                + Api.ENDPOINT_NAME_WORDS
                + ". Up to 20 deployments of one project may name the same, see spec.traffic. Default: metadata.name. Cannot be changed.")
        String endpointName,
    @Default("true")
        @JsonPropertyDescription(
            "Whether the gateway serves this deployment. false: instances only, without URL, keys and route.")
        Boolean expose,
    @Required
        @Size(min = 1, max = 63) @JsonPropertyDescription("Machine type, see 'kubectl get instancetypes'.")
        String instanceType,
    @Default("1")
        @Min(0) @Max(50) @SpecReplicas
        @JsonPropertyDescription(
            "Number of instances, 0 to 50. 0 stops the model and keeps the endpoint. With spec.autoscaling it has no meaning.")
        Integer instances,
    @JsonPropertyDescription(
            "Lets the load of the endpoint decide how many instances run, in place of spec.instances.")
        Autoscaling autoscaling,
    @Default("Auto")
        @JsonPropertyDescription(
            "Inference engine. Auto: VLLM on machine types with GPUs, LlamaCpp on those without.")
        EngineChoice engine,
    @JsonPropertyDescription(
            "Weights to serve in place of the catalogue's source. Exactly one of pvc, url, image, huggingFace and s3.")
        ModelSource source,
    @JsonPropertyDescription(
            "The volume that keeps weights which are fetched (url, huggingFace, s3). Default: what the platform names, else a fresh one for each instance.")
        ModelCache cache,
    @Min(256) @Max(1048576) @JsonPropertyDescription(
            "Tokens that prompt and answer of one request may have together. Default: what the model allows and the machine holds.")
        Integer contextLength,
    @Default("{}") @JsonPropertyDescription("Revisions of the endpoint's two keys.")
        EndpointKeys keys,
    @JsonPropertyDescription("Placement of the instances, on top of what the machine type says.")
        Scheduling scheduling,
    @JsonPropertyDescription("Bounds of one request to the endpoint.")
        RequestSettings requestSettings,
    @JsonPropertyDescription(
            "With what applications prove who they are. Default: the endpoint's keys.")
        EndpointAuth auth,
    @JsonPropertyDescription(
            "How a new version replaces the old one. Default: with one more instance where there is room for it, else one by one; status.rollout tells which.")
        RolloutSettings rollout,
    @Size(min = 1, max = 32) @Pattern("^[A-Za-z0-9_]+$") @JsonPropertyDescription(
            "Number format of the weights, one that the catalogue has for the engine, for instance BF16, FP8 or Q4_K_M; with spec.source, that of its files. Default: the first of the catalogue that fits the machine.")
        String precision,
    @Size(max = 32) @JsonPropertyDescription(
            "More arguments of the engine, each as --name=value or --name. Only those that tune, see docs/engine-args.md.")
        List<@Size(min = 3, max = 128) @Pattern("^--[a-z0-9][a-z0-9-]*(=[^\\s]+)?$") String>
            engineArgs,
    @JsonPropertyDescription(
            "When an instance counts as alive and as ready. Until it has answered its first completion, neither is asked.")
        EngineProbes probes,
    @Min(0) @Max(100) @JsonPropertyDescription(
            "Percent of the endpoint's requests that this deployment answers, where several have the same spec.endpointName; together 100, or 0. With 0 only the header azureml-model-deployment reaches it. Default: 0 where another one of the endpoint says spec.traffic; where none does, the first that answered has all.")
        Integer traffic,
    @Min(0) @Max(50) @JsonPropertyDescription(
            "Percent of the requests that other deployments of the endpoint answer of which this one gets a copy, its answers dropped. Copies wake no deployment that has scaled to zero: give it autoscaling.minInstances of 1. Default: 0.")
        Integer mirror,
    @JsonPropertyDescription(
            "Takes the cores from the platform's shared quota in place of the project's own, for a test: the deployment is deleted 168 hours after it was made. Only for models that are offered so. Cannot be added or taken away later.")
        SharedQuota sharedQuota) {

  /**
   * Instances without an endpoint, all else as it is by default.
   *
   * @param instances how many; {@code null} for the default
   */
  public static MistralDeploymentSpec unexposed(
      String model, String instanceType, Integer instances) {
    return new MistralDeploymentSpec(
        model,
        null,
        false,
        instanceType,
        instances,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** Which engine a project asks for. */
  public enum EngineChoice {
    /** The operator chooses by the machine type. */
    Auto,
    /** llama.cpp's server. */
    LlamaCpp,
    /** vLLM's OpenAI server. */
    VLLM
  }

  /** Placement of pods, handed on as it is. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Scheduling(
      @Size(max = 16) @JsonPropertyDescription("Node labels that the instances' nodes must have.")
          Map<String, String> nodeSelector,
      @Size(max = 16) @JsonPropertyDescription("Taints that the instances tolerate.")
          List<Toleration> tolerations,
      @Size(max = 253) @JsonPropertyDescription("Priority class of the instances.")
          String priorityClassName) {}
}
