package io.mistraloperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;

/**
 * How the new version replaces the old one; told before it is done. Absent while there is nothing
 * to replace.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RolloutStatus(
    @JsonPropertyDescription(
            "Surge: a new instance starts before an old one goes. OneByOne: an old one goes first.")
        Strategy strategy,
    @Size(max = 2048) @JsonPropertyDescription("Why, and what it means for those who call the model.")
        String message,
    @JsonPropertyDescription("Instances that run beyond those wanted, at most.") Integer maxSurge,
    @JsonPropertyDescription("Instances that are missing, at most.") Integer maxUnavailable,
    @JsonPropertyDescription(
            "Seconds for which nothing answers, at most: the time in which an instance must have started. 0: something answers all the while.")
        Integer downtimeSeconds,
    @Size(max = 64) @JsonPropertyDescription(
            "The new version: annotation mistraloperator.io/spec-hash of the engine's Deployment.")
        String version,
    @Size(max = 32) @JsonPropertyDescription("When it was told, RFC 3339 in UTC.") String since) {

  /** In which order instances come and go. */
  public enum Strategy {
    /** New ones come first. */
    Surge,
    /** Old ones go first. */
    OneByOne
  }
}
