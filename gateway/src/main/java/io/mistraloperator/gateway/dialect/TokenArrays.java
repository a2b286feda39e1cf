package io.mistraloperator.gateway.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Log-probabilities as parallel arrays (row A19.7): {@code tokens}, {@code token_logprobs}, {@code
 * top_logprobs} as one map of token to value each, {@code text_offsets} in characters.
 */
public final class TokenArrays {
  private TokenArrays() {}

  /**
   * Adds the arrays for {@code entries}.
   *
   * @param offset characters of the answer before the first of them
   */
  static void add(ObjectNode logprobs, ArrayNode entries, int offset) {
    ArrayNode offsets = logprobs.putArray("text_offsets");
    ArrayNode values = logprobs.putArray("token_logprobs");
    ArrayNode tokens = logprobs.putArray("tokens");
    ArrayNode tops = logprobs.putArray("top_logprobs");
    int at = offset;
    for (JsonNode entry : entries) {
      offsets.add(at);
      values.add(entry.path("logprob"));
      tokens.add(entry.path("token"));
      ObjectNode top = tops.addObject();
      top.set(entry.path("token").asText(), entry.path("logprob"));
      alternatives(top, entry);
      at += characters(entry);
    }
  }

  /** Adds the alternatives to a token to a map of token to value. */
  public static void alternatives(ObjectNode map, JsonNode entry) {
    for (JsonNode other : entry.path("top_logprobs")) {
      // Pieces of one character look alike as text: the likeliest comes first and stays.
      map.putIfAbsent(other.path("token").asText(), other.path("logprob"));
    }
  }

  /** Characters that begin in a token; a token may be a piece of one. */
  public static int characters(JsonNode entry) {
    JsonNode bytes = entry.path("bytes");
    if (!bytes.isArray()) {
      String token = entry.path("token").asText();
      return token.codePointCount(0, token.length());
    }
    int begun = 0;
    for (JsonNode b : bytes) {
      boolean continues = (b.asInt() & 0xC0) == 0x80;
      begun += continues ? 0 : 1;
    }
    return begun;
  }
}
