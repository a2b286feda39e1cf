package io.mistraloperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Where weights come from; exactly one component is set. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "[has(self.pvc), has(self.url), has(self.image)].filter(x, x).size() == 1",
    message = "a source has exactly one of pvc, url and image")
public record ModelSource(
    @JsonPropertyDescription(
            "A claim of the same namespace that holds the weights; mounted read-only.")
        Pvc pvc,
    @JsonPropertyDescription("One file (GGUF) behind an http or https URL.") Url url,
    @JsonPropertyDescription("An OCI image that holds the weights and the program cp.")
        Image image) {

  /** A claim with weights. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Pvc(
      @Required
          @Size(min = 1, max = 253) @JsonPropertyDescription("Name of the PersistentVolumeClaim.")
          String claimName,
      @Required
          @Size(min = 1, max = 512) @Pattern("^[^/.][^\\n]*$") @ValidationRule(
              value = "!self.contains('..')",
              message = "the path stays inside the volume: '..' is not allowed")
          @JsonPropertyDescription(
              "Path inside the volume, without a leading slash: a GGUF file, or a folder for VLLM.")
          String path) {}

  /** A file behind a URL. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Url(
      @Required
          @Size(min = 8, max = 2048) @Pattern("^https?://[^\\s]+$") @JsonPropertyDescription("http or https URL of the file.")
          String url,
      @Size(min = 64, max = 64) @Pattern("^[0-9a-f]{64}$") @JsonPropertyDescription(
              "SHA-256 of the file in lower-case hex; a file with another sum is never served.")
          String sha256) {}

  /** Files inside an image. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Image(
      @Required @Size(min = 1, max = 512) @JsonPropertyDescription("Image reference.")
          String reference,
      @Required
          @Size(min = 2, max = 512) @Pattern("^/[^\\n]+$") @JsonPropertyDescription(
              "Absolute path inside the image: a GGUF file, or a folder for VLLM.")
          String path) {}
}
