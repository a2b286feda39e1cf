package io.mistraloperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonValue;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;

/** Facts of one catalogue model. Absent optional fields are {@code null}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "self.weights != 'None' || has(self.substitute) || !has(self.sources)",
    message =
        "spec.substitute must name the weights that run: spec.weights is None, so spec.sources cannot hold the model's own")
@ValidationRule(
    value = "self.deployment.managed || has(self.deployment.serverless)",
    message = "spec.deployment must allow something: set managed to true or describe serverless")
public record MistralModelSpec(
    @Required
        @Size(min = 1, max = 128) @Pattern("^[A-Za-z0-9][A-Za-z0-9._-]*$") @JsonPropertyDescription(
            "Id as the service returns it, for instance mistralai-Mistral-7B-Instruct-v01.")
        String id,
    @Size(max = 32) @JsonPropertyDescription(
            "Other names of the same model. Names match regardless of case, dots, underscores, dashes and slashes.")
        List<@Size(min = 1, max = 128) String> aliases,
    @Required @Size(min = 1, max = 128) @JsonPropertyDescription("Name for people.")
        String displayName,
    @Size(max = 4096) @JsonPropertyDescription("What the model's card says.") String description,
    @Default("MistralAI") @Size(min = 1, max = 64) @JsonPropertyDescription("Who made the model.")
        String provider,
    @Required @JsonPropertyDescription("Premium or Open.") Label label,
    @Default("false")
        @JsonPropertyDescription("In preview: without service level, not for production.")
        Boolean preview,
    @Required @JsonPropertyDescription("What the model does.") Task task,
    @Required @JsonPropertyDescription("Licence of the weights that run.") License license,
    @Required
        @JsonPropertyDescription(
            "Open: public weights. Research: public, but not for business use without the provider's licence. None: not public.")
        Weights weights,
    @Size(min = 1, max = 128) @JsonPropertyDescription(
            "Id or alias of the model whose weights run in place of ones that are not public. Shown wherever the model is.")
        String substitute,
    @JsonPropertyDescription(
            "What the provider says of the model in its own service. Weights stay usable whatever it says.")
        Lifecycle lifecycle,
    @Required
        @Min(256) @Max(1048576) @JsonPropertyDescription("Tokens of prompt and answer together.")
        Integer contextLength,
    @Required
        @JsonPropertyDescription(
            "Tokenizer generation; it decides how roles and tool calls are sent to the engine.")
        Tokenizer tokenizer,
    @Default("{}") @JsonPropertyDescription("What requests may ask of the model.")
        Capabilities capabilities,
    @Required @JsonPropertyDescription("Memory that the model needs.") Footprint footprint,
    @Size(max = 16) @JsonPropertyDescription(
            "Where the weights come from, by engine; the first that fits is taken.")
        List<CatalogueSource> sources,
    @Required @JsonPropertyDescription("How the model may be deployed.") DeploymentModes deployment,
    @Size(max = 16) @JsonPropertyDescription("Machine types that suit the model, best first.")
        List<@Size(min = 1, max = 63) String> recommendedInstanceTypes,
    @Size(max = 4) @JsonPropertyDescription("The smallest machine types on which the model runs at all.")
        List<@Size(min = 1, max = 63) String> minimumInstanceTypes) {

  /** Premium or open (row A1.2). */
  public enum Label {
    /** Offered by the provider for pay-per-token use. */
    Premium,
    /** Open weights. */
    Open
  }

  /** What a model does. */
  public enum Task {
    /** Answers conversations. */
    ChatCompletions("chat-completions"),
    /** Continues a text; has no chat template. */
    TextGeneration("text-generation");

    private final String modelType;

    Task(String modelType) {
      this.modelType = modelType;
    }

    /** The word of {@code GET /info} (row A8.2). */
    public String modelType() {
      return modelType;
    }
  }

  /** Whether weights can be had. */
  public enum Weights {
    /** Not public. */
    None,
    /** Public under an open licence. */
    Open,
    /** Public for research. */
    Research
  }

  /** Where a model stands in its provider's own service. */
  public enum Lifecycle {
    /** Offered. */
    Active,
    /** Offered until a date that the provider has named. */
    Deprecated,
    /** No longer offered. */
    Retired
  }

  /** How the files of one repository are laid out for vLLM. */
  public enum FileLayout {
    /** {@code config.json}, {@code model*.safetensors}. */
    HuggingFace,
    /** {@code params.json}, {@code consolidated*.safetensors}. */
    Mistral
  }

  /** Generations of Mistral's tokenizers. */
  public enum Tokenizer {
    /** SentencePiece; no system role, no tools. */
    V1("v1"),
    /** SentencePiece. */
    V2("v2"),
    /** SentencePiece; tool calls with nine-character ids. */
    V3("v3"),
    /** Tekken, as V3. */
    V3Tekken("v3-tekken"),
    /** System prompt of its own. */
    V7("v7"),
    /** Tekken, as V7. */
    V7Tekken("v7-tekken"),
    /** Tekken. */
    V11Tekken("v11-tekken"),
    /** Tekken with reasoning. */
    V13Tekken("v13-tekken"),
    /** Tekken with reasoning effort. */
    V15Tekken("v15-tekken");

    private final String word;

    Tokenizer(String word) {
      this.word = word;
    }

    /** The word in YAML. */
    @JsonValue
    public String word() {
      return word;
    }
  }

  /** Licence of weights. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record License(
      @Required @Size(min = 1, max = 64) @JsonPropertyDescription("Name, for instance Apache-2.0.")
          String name,
      @Size(min = 8, max = 512) @JsonPropertyDescription("Where its text is.") String url) {}

  /** What requests may ask of a model. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Capabilities(
      @Default("false") @JsonPropertyDescription("Tool calls.") Boolean tools,
      @Default("false") @JsonPropertyDescription("JSON mode.") Boolean json,
      @Default("false") @JsonPropertyDescription("Images in messages.") Boolean vision,
      @Default("false")
          @JsonPropertyDescription(
              "A system role of its own; without it system text joins the next user message.")
          Boolean systemRole,
      @Default("false")
          @JsonPropertyDescription(
              "Thinks before it answers; the engine keeps the thoughts out of the answer.")
          Boolean reasoning) {}

  /** Memory facts of a model. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "has(self.attention) != has(self.kvBytesPerToken)",
      message =
          "spec.footprint tells the KV cache either by attention, as the model's config.json has it, or by kvBytesPerToken")
  public record Footprint(
      @Required
          @Size(min = 1, max = 8) @JsonPropertyDescription(
              "Size of the weights in each number format in which they can be served.")
          List<WeightSize> weights,
      @Min(1) @Max(16777216) @JsonPropertyDescription(
              "Bytes of KV cache for one token at 16 bits, where they do not follow from attention.")
          Long kvBytesPerToken,
      @JsonPropertyDescription("What one token adds to the KV cache.") Attention attention,
      @Required
          @Min(1) @Max(1024) @JsonPropertyDescription(
              "Attention heads; the number of GPUs that share the model must divide it.")
          Integer attentionHeads) {}

  /**
   * Shape of the attention, in the words of models' own configurations: a token takes {@code 2 x
   * layers x kvHeads x headSize} numbers, or with latent attention {@code layers x latentSize}.
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value =
          "has(self.latentSize) ? !has(self.kvHeads) && !has(self.headSize) : has(self.kvHeads) && has(self.headSize)",
      message = "attention has either kvHeads and headSize, or latentSize")
  public record Attention(
      @Required @Min(1) @Max(1024) @JsonPropertyDescription("Layers that keep a cache.")
          Integer layers,
      @Min(1) @Max(1024) @JsonPropertyDescription(
              "Heads for keys and values; GPUs that share the model share them.")
          Integer kvHeads,
      @Min(1) @Max(8192) @JsonPropertyDescription("Numbers of a key, and of a value, in one head.")
          Integer headSize,
      @Min(1) @Max(65536) @JsonPropertyDescription(
              "Numbers that latent attention (MLA) keeps in one layer: kv_lora_rank + qk_rope_head_dim. Every GPU keeps all of them.")
          Integer latentSize) {}

  /** Size of the weights in one number format. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record WeightSize(
      @Required
          @Size(min = 1, max = 16) @Pattern("^[A-Z0-9_]+$") @JsonPropertyDescription("Number format, for instance BF16, FP8 or Q4_K_M.")
          String precision,
      @Required @JsonPropertyDescription("Memory of the weights.") Quantity size) {}

  /** Weights for one engine. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record CatalogueSource(
      @Required @JsonPropertyDescription("Engine that reads these files.") Engine engine,
      @Required
          @Size(min = 1, max = 16) @Pattern("^[A-Z0-9_]+$") @JsonPropertyDescription("Number format of these files; one of spec.footprint.weights.")
          String precision,
      @Required @JsonPropertyDescription("Where they are.") ModelSource from,
      @JsonPropertyDescription(
              "How VLLM reads them. Default: as the files say, and those of base models and of tokenizers before v3 in HuggingFace's layout.")
          FileLayout layout) {}

  /** Ways to deploy a model (rows A1.7 to A1.10). */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record DeploymentModes(
      @Required
          @JsonPropertyDescription("May run as MistralDeployment on a project's own instances.")
          Boolean managed,
      @JsonPropertyDescription(
              "May be used as ServerlessEndpoint; says what the platform runs for it.")
          ServerlessOffer serverless,
      @Default("false")
          @JsonPropertyDescription(
              "May run on the platform's shared quota for a test, see spec.sharedQuota of MistralDeployment.")
          Boolean sharedQuota) {}

  /** What the platform runs for all serverless endpoints of a model. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ServerlessOffer(
      @Required @Size(min = 1, max = 63) @JsonPropertyDescription("Machine type of the pool.")
          String instanceType,
      @Default("1") @Min(1) @Max(50) @JsonPropertyDescription("Instances of the pool.")
          Integer instances) {}
}
