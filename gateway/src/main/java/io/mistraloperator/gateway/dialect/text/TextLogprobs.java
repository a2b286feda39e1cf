package io.mistraloperator.gateway.dialect.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
  private int offset;

  /**
   * Begins at a place of the answer.
   *
   * @param offset characters before it
   */
  TextLogprobs(int offset) {
    this.offset = offset;
  }

  /** Adds tokens. */
  TextLogprobs add(ArrayNode entries) {
    for (JsonNode entry : entries) {
      String token = entry.path("token").asText();
      tokens.add(token);
      values.add(entry.path("logprob"));
      ObjectNode top = alternatives.addObject();
      for (JsonNode other : entry.path("top_logprobs")) {
        top.set(other.path("token").asText(), other.path("logprob"));
      }
      offsets.add(offset);
      offset += token.length();
    }
    return this;
  }

  /** The object for an answer. */
  ObjectNode lists() {
    return lists;
  }
}
