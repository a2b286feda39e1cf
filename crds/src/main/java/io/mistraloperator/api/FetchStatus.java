package io.mistraloperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** How far the weights of an instance are on their way; absent when none is fetching. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FetchStatus(
    @JsonPropertyDescription("The pod: of those that fetch, the one that has been at it longest.")
        String instance,
    @JsonPropertyDescription(
            "Preparing, Fetching, or Waiting for another fetcher of the same weights in a shared cache.")
        Phase phase,
    @JsonPropertyDescription("In words: bytes, rate, time to go.") String summary,
    @JsonPropertyDescription("Bytes that are there.") Long bytesDone,
    @JsonPropertyDescription("Bytes of all files; absent while unknown.") Long bytesTotal,
    @JsonPropertyDescription("Mean rate of the last minute; absent while unknown.")
        Long bytesPerSecond,
    @JsonPropertyDescription("Time to go at this rate; absent while unknown.") Long secondsToGo,
    @JsonPropertyDescription("What went wrong, while it is tried again.") String trouble,
    @JsonPropertyDescription("Whether it has been slower than the platform expects for a minute.")
        Boolean slow,
    @JsonPropertyDescription("When this was seen; seen anew every ten seconds.")
        String observedAt) {

  /** What the fetcher does. */
  public enum Phase {
    /** Finds out what there is to fetch. */
    Preparing,
    /** Fetches or verifies. */
    Fetching,
    /** Waits for another fetcher of the same files. */
    Waiting
  }
}
