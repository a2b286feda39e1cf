package io.mistraloperator.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A text to be continued, checked, in no client's dialect (row B6).
 *
 * @param prompt at least one character
 * @param logprobs alternatives wanted for each token, 0 to 20; empty: no log-probabilities
 * @param choices answers wanted, at least 1
 * @param extras parameters that the engine gets as they are, by name (row B3)
 * @param stream whether the client wants events
 * @param usageApart whether the client wants usage in a last event of its own (row C5)
 */
public record TextRequest(
    String prompt,
    Sampling sampling,
    OptionalInt logprobs,
    int choices,
    Map<String, JsonNode> extras,
    boolean stream,
    boolean usageApart)
    implements InferenceRequest {
  /** Takes a copy of the extras. */
  public TextRequest {
    extras = Map.copyOf(extras);
  }

  @Override
  public Tools tools() {
    return Tools.NONE;
  }

  @Override
  public TextRequest choice(int choice) {
    return new TextRequest(
        prompt, sampling.seeded(choice), logprobs, 1, extras, stream, usageApart);
  }

  /** The text itself is not part of the answer. */
  @Override
  public String prefix() {
    return "";
  }

  @Override
  public long promptLength() {
    return prompt.length();
  }
}
