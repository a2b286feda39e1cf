package io.mistraloperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * With what applications prove who they are (rows A7.3, D2.14, D2.15). Absent optional fields are
 * {@code null}.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "has(self.oidc) == (self.mode == 'OIDC')",
    message =
        "spec.auth.oidc says which tokens are accepted: give it with mode OIDC, and with no other mode",
    fieldPath = ".oidc")
@ValidationRule(
    value = "!has(self.kubernetes) || self.mode == 'Kubernetes'",
    message =
        "spec.auth.kubernetes has a meaning with mode Kubernetes only: set that mode or leave it out",
    fieldPath = ".kubernetes")
public record EndpointAuth(
    @Default("Key")
        @JsonPropertyDescription(
            "Key: one of the endpoint's two keys. OIDC: a signed token of an OpenID Connect issuer. Kubernetes: a token of this cluster, as service accounts have. Credentials of another kind are refused.")
        Mode mode,
    @JsonPropertyDescription("Which tokens mode OIDC accepts.") Oidc oidc,
    @JsonPropertyDescription("Which tokens mode Kubernetes accepts.") Kubernetes kubernetes) {

  /** Kinds of credentials. */
  public enum Mode {
    /** The endpoint's keys. */
    Key,
    /** Tokens of an OpenID Connect issuer. */
    OIDC,
    /** Tokens that this cluster's API server knows. */
    Kubernetes
  }

  /** Tokens of an issuer. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Oidc(
      @Required
          @Size(min = 9, max = 512) @Pattern("^https://[^\\s?#]+$") @JsonPropertyDescription(
              "Issuer, exactly as in the tokens' claim iss. The platform must have it among its trusted issuers.")
          String issuer,
      @Required
          @Size(min = 1, max = 8) @JsonPropertyDescription("A token must be for one of these audiences (claim aud).")
          List<@Size(min = 1, max = 253) String> audiences,
      @Size(max = 8) @JsonPropertyDescription(
              "What a token must say besides. All entries must hold; without any, every token of the issuer for the audience may call.")
          List<ClaimRule> claims) {}

  /** What one claim must say. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ClaimRule(
      @Required
          @Size(min = 1, max = 128) @JsonPropertyDescription("Name of the claim, for instance groups, roles or sub.")
          String name,
      @Required
          @Size(min = 1, max = 32) @JsonPropertyDescription(
              "The claim must be one of these, or a list that has one of them.")
          List<@Size(min = 1, max = 253) String> values) {}

  /** Tokens of the cluster. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Kubernetes(
      @Size(min = 1, max = 8) @JsonPropertyDescription(
              "A token must be for one of these audiences. Default: the API server's own.")
          List<@Size(min = 1, max = 253) String> audiences,
      @Size(max = 32) @JsonPropertyDescription(
              "Users that may call, on top of the project's own service accounts.")
          List<@Size(min = 1, max = 253) String> users,
      @Size(max = 32) @JsonPropertyDescription(
              "Groups whose members may call, for instance system:serviceaccounts:team-b, on top of the project's own service accounts.")
          List<@Size(min = 1, max = 253) String> groups) {}
}
