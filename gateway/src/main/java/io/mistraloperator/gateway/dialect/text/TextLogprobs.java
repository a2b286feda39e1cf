package io.mistraloperator.gateway.dialect.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.dialect.TokenArrays;
import io.mistraloperator.gateway.json.Json;

/**
 * Log-probabilities as text completions have them: one list of each kind, side by side (row B6).
 * Offsets count characters from the beginning of the answer.
 */
final class TextLogprobs {
  private final ObjectNode lists = Json.object();
  private final ArrayNode tokens = lists.putArray("tokens");
  private final ArrayNode values = lists.putArray("token_logprobs");
  private final ArrayNode alternatives = lists.putArray("top_logprobs");
  private final ArrayNode offsets = lists.putArray("text_offset");

  /**
   * Adds the tokens of a piece of text.
   *
   * @param from characters of the answer before it
   */
  TextLogprobs add(ArrayNode entries, int from) {
    int offset = from;
    for (JsonNode entry : entries) {
      tokens.add(entry.path("token").asText());
      values.add(entry.path("logprob"));
      TokenArrays.alternatives(alternatives.addObject(), entry);
      offsets.add(offset);
      offset += TokenArrays.characters(entry);
    }
    return this;
  }

  /** The object for an answer. */
  ObjectNode lists() {
    return lists;
  }
}
