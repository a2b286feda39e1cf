package io.mistraloperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Where weights come from; exactly one component is set, the others are {@code null}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "[has(self.pvc), has(self.url), has(self.image), has(self.huggingFace), has(self.s3)].filter(x, x).size() == 1",
    message = "a source has exactly one of pvc, url, image, huggingFace and s3")
public record ModelSource(
    @JsonPropertyDescription(
            "A claim of the same namespace that holds the weights; mounted read-only.")
        Pvc pvc,
    @JsonPropertyDescription("One file (GGUF) behind an http or https URL.") Url url,
    @JsonPropertyDescription("An OCI image that holds the weights and the program cp.") Image image,
    @JsonPropertyDescription("A repository of Hugging Face, or of a hub that speaks its API.")
        HuggingFace huggingFace,
    @JsonPropertyDescription("Objects of an S3-compatible store.") S3 s3) {

  private static final String INSIDE = "the path stays inside its folder: '..' is not allowed";

  /** Whether the weights are fetched over the network into a volume. */
  public boolean fetched() {
    return url != null || huggingFace != null || s3 != null;
  }

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

  /** A repository of a hub. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record HuggingFace(
      @Required
          @Size(min = 3, max = 200) @Pattern("^[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*$") @JsonPropertyDescription(
              "Repository as owner/name, for instance mistralai/Mistral-7B-Instruct-v0.3.")
          String repository,
      @Default("main")
          @Size(min = 1, max = 200) @Pattern("^[A-Za-z0-9][A-Za-z0-9._/-]*$") @JsonPropertyDescription(
              "Commit, tag or branch. A commit is always the same; a branch is the commit that it names when the weights are fetched.")
          String revision,
      @Size(min = 1, max = 512) @Pattern("^[^/.][^\\n]*$") @ValidationRule(value = "!self.contains('..')", message = INSIDE)
          @JsonPropertyDescription(
              "The one GGUF file to fetch, for LlamaCpp; a split file is named by its first part. Without it all that VLLM needs is fetched.")
          String file,
      @JsonPropertyDescription(
              "Token for repositories that are gated or private, in a Secret of the deployment's namespace.")
          TokenSecret tokenSecretRef,
      @Default("https://huggingface.co")
          @Size(min = 8, max = 512) @Pattern("^https?://[^\\s?#@]+$") @JsonPropertyDescription("Address of the hub; for mirrors.")
          String endpoint) {}

  /** An entry of a Secret. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record TokenSecret(
      @Required @Size(min = 1, max = 253) @JsonPropertyDescription("Name of the Secret.")
          String name,
      @Default("token")
          @Size(min = 1, max = 253) @Pattern("^[A-Za-z0-9._-]+$") @JsonPropertyDescription("Its entry with the token.")
          String key) {}

  /** Objects of an S3-compatible store. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "has(self.file) || !has(self.sha256)",
      message = "sha256 is that of file: set s3.file, or leave sha256 out",
      fieldPath = ".sha256")
  public record S3(
      @Required
          @Size(min = 3, max = 63) @Pattern("^[a-z0-9][a-z0-9.-]*[a-z0-9]$") @JsonPropertyDescription("Name of the bucket.")
          String bucket,
      @Size(min = 1, max = 512) @Pattern("^[^/.][^\\n]*$") @JsonPropertyDescription(
              "Folder in the bucket, without a leading slash. Without it the bucket's root.")
          String prefix,
      @Size(min = 1, max = 512) @Pattern("^[^/.][^\\n]*$") @ValidationRule(value = "!self.contains('..')", message = INSIDE)
          @JsonPropertyDescription(
              "The one GGUF file to fetch, below prefix, for LlamaCpp; a split file is named by its first part. Without it all that VLLM needs is fetched.")
          String file,
      @Size(min = 64, max = 64) @Pattern("^[0-9a-f]{64}$") @JsonPropertyDescription(
              "SHA-256 of file in lower-case hex; a file with another sum is never served.")
          String sha256,
      @Size(min = 8, max = 512) @Pattern("^https?://[^\\s?#@]+$") @JsonPropertyDescription(
              "Address of the store; the bucket is addressed by path. Default: that of AWS in the region.")
          String endpoint,
      @Default("us-east-1")
          @Size(min = 1, max = 64) @Pattern("^[a-z0-9-]+$") @JsonPropertyDescription("Region that requests are signed for.")
          String region,
      @JsonPropertyDescription(
              "Secret of the deployment's namespace with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, for temporary ones, AWS_SESSION_TOKEN; it must allow to list and to read. Without it requests are not signed.")
          CredentialsSecret credentialsSecretRef) {}

  /** A Secret. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record CredentialsSecret(
      @Required @Size(min = 1, max = 253) @JsonPropertyDescription("Name of the Secret.")
          String name) {}
}
