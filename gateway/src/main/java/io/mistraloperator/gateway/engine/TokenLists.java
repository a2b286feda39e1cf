package io.mistraloperator.gateway.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.mistraloperator.gateway.json.Json;
import java.util.Map;

/**
 * Log-probabilities of both servers in one form. vLLM has lists side by side in text completions;
 * in chats, and everywhere with llama.cpp, there is one object for each token.
 */
final class TokenLists {
  private TokenLists() {}

  /**
   * One object {@code {token, logprob, bytes?, top_logprobs}} for each token.
   *
   * @param logprobs what a choice has; empty when it has none
   */
  static JsonNode entries(JsonNode logprobs) {
    if (!logprobs.path("tokens").isArray()) {
      return logprobs.path("content");
    }
    ArrayNode entries = Json.array();
    for (int i = 0; i < logprobs.path("tokens").size(); i++) {
      ObjectNode entry =
          entry(logprobs.path("tokens").get(i), logprobs.path("token_logprobs").path(i));
      ArrayNode top = entry.putArray("top_logprobs");
      for (Map.Entry<String, JsonNode> other : logprobs.path("top_logprobs").path(i).properties()) {
        top.add(entry(TextNode.valueOf(other.getKey()), other.getValue()));
      }
      entries.add(entry);
    }
    return entries;
  }

  private static ObjectNode entry(JsonNode token, JsonNode logprob) {
    ObjectNode entry = Json.object();
    entry.set("token", token);
    entry.set("logprob", logprob);
    return entry;
  }
}
