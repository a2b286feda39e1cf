package io.mistraloperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Optional;

/**
 * One endpoint as the gateway sees it, with its deployments. Holds digests of keys, never keys.
 * Read {@link #served()} for the deployments: a stored route may be of an operator that knew one
 * deployment for each endpoint, whose parts stand beside {@code deployments} (row T-U6).
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InferenceRouteSpec(
    @Required
        @JsonPropertyDescription(
            "The object whose endpoint this is; its uid tells who has the name.")
        Owner owner,
    @Required
        @Size(min = 3, max = 32) @JsonPropertyDescription("Endpoint name as the project wrote it.")
        String endpointName,
    @Required
        @Size(min = 1, max = 64) @JsonPropertyDescription(
            "Host names in lower case, without port, under which the endpoint is served.")
        List<@Size(min = 1, max = 253) String> hosts,
    @JsonPropertyDescription(EARLIER) Model model,
    @JsonPropertyDescription(EARLIER) Backend backend,
    @Required @Size(max = 8) @JsonPropertyDescription("Keys that are accepted.")
        List<KeyDigest> keys,
    @JsonPropertyDescription(EARLIER) RequestSettings requestSettings,
    @JsonPropertyDescription("With what applications prove who they are. Default: keys.")
        EndpointAuth auth,
    @JsonPropertyDescription(EARLIER) Hold hold,
    @Size(min = 1, max = 253) @JsonPropertyDescription(
            "Secret of the project that has the keys. Default: <owner's name>-keys.")
        String keySecret,
    @Size(min = 1, max = 20) @JsonPropertyDescription("What answers behind the endpoint, oldest first.")
        List<Deployment> deployments) {
  private static final String EARLIER =
      "Written by earlier operators for endpoints of one deployment; read where spec.deployments is absent.";

  /** Share of an endpoint's requests that its only deployment has. */
  private static final int ALL = 100;

  /**
   * The deployments behind the endpoint, oldest first; empty when the route names none, in neither
   * form.
   */
  public List<Deployment> served() {
    if (deployments != null) {
      return deployments;
    }
    return Optional.ofNullable(owner)
        .filter(single -> backend != null && model != null)
        .map(
            single ->
                new Deployment(
                    single.name(), single.uid(), ALL, 0, model, backend, requestSettings, hold))
        .stream()
        .toList();
  }

  /** One deployment behind an endpoint (rows D2.2, D2.4, D2.6). */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Deployment(
      @Required
          @Size(min = 1, max = 63) @JsonPropertyDescription(
              "Name of the object; what the header azureml-model-deployment names.")
          String name,
      @Required @Size(min = 1, max = 64) @JsonPropertyDescription("Uid of the object.") String uid,
      @Required
          @Min(0) @Max(100) @JsonPropertyDescription(
              "Share of the endpoint's requests, in relation to the weights of the others; with 0 only the header reaches it.")
          Integer weight,
      @Default("0")
          @Min(0) @Max(50) @JsonPropertyDescription(
              "Percent of the endpoint's other requests of which a copy goes here, its answers dropped.")
          Integer mirror,
      @Required @JsonPropertyDescription("Its model.") Model model,
      @Required @JsonPropertyDescription("Where its instances are.") Backend backend,
      @JsonPropertyDescription("Bounds of one request.") RequestSettings requestSettings,
      @JsonPropertyDescription(
              "How requests wait while no instance is ready. Absent: they do not, and are refused with 503.")
          Hold hold) {}

  /** The object whose endpoint a route is. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Owner(
      @Required
          @Size(min = 1, max = 63) @JsonPropertyDescription("MistralDeployment or ServerlessEndpoint.")
          String kind,
      @Required @Size(min = 1, max = 63) @JsonPropertyDescription("The project.") String namespace,
      @Required @Size(min = 1, max = 253) @JsonPropertyDescription("Its name.") String name,
      @Required @Size(min = 1, max = 64) @JsonPropertyDescription("Its uid.") String uid) {}

  /** What the gateway must know of the model. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Model(
      @Required @Size(min = 1, max = 128) @JsonPropertyDescription("Name in answers and in /info.")
          String name,
      @Required @Size(min = 1, max = 64) @JsonPropertyDescription("Who made the model.")
          String provider,
      @Required @JsonPropertyDescription("What the model does.") MistralModelSpec.Task task,
      @Required @JsonPropertyDescription("Tokenizer generation.")
          MistralModelSpec.Tokenizer tokenizer,
      @Required
          @Min(256) @Max(1048576) @JsonPropertyDescription("Tokens of prompt and answer together.")
          Integer contextLength,
      @Required @JsonPropertyDescription("What requests may ask.")
          MistralModelSpec.Capabilities capabilities) {}

  /** Where the instances are. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Backend(
      @Required @JsonPropertyDescription("Dialect of the server.") Engine engine,
      @Required
          @Size(min = 1, max = 63) @JsonPropertyDescription(
              "Namespace of the Service whose EndpointSlices list the instances.")
          String namespace,
      @Required @Size(min = 1, max = 63) @JsonPropertyDescription("Name of that Service.")
          String service,
      @Required
          @Size(min = 1, max = 128) @JsonPropertyDescription("Model name that the engine knows.")
          String servedModel,
      @JsonPropertyDescription(
              "What vLLM makes prompts with. Default: the template of the repository for tokenizers before v3, else Mistral's own tokenizer.")
          TokenizerMode tokenizerMode) {}

  /** One accepted key. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record KeyDigest(
      @Required @Size(min = 1, max = 32) @JsonPropertyDescription("primary or secondary.")
          String name,
      @Required
          @Size(min = 64, max = 64) @Pattern("^[0-9a-f]{64}$") @JsonPropertyDescription("SHA-256 of the key in lower-case hex.")
          String sha256) {}

  /**
   * How requests wait while no instance is ready: set where the number of instances may be zero.
   * Each gateway counts by itself, and has bounds for all endpoints together besides.
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Hold(
      @Default("200")
          @Min(0) @Max(10000) @JsonPropertyDescription(
              "Requests that wait in one gateway at most; further ones are refused with 503.")
          Integer maxRequests,
      @Default("64")
          @Min(1) @Max(4096) @JsonPropertyDescription(
              "Megabytes (1048576 bytes) that the bodies of waiting requests have at most in one gateway; further ones are refused with 503.")
          Integer maxMegabytes,
      @Default("600")
          @Min(1) @Max(86400) @JsonPropertyDescription(
              "Seconds that a request waits at most, then it is refused with 503.")
          Integer timeoutSeconds) {}
}
