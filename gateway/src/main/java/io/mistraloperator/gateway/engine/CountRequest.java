package io.mistraloperator.gateway.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.json.Json;
import java.util.List;
import java.util.OptionalLong;

/**
 * Asks a server how many tokens a conversation has, templates and tools included, or a text.
 *
 * @param path of the server that counts
 * @param body what to count
 * @param key of the number in the answer, or of the list of the tokens
 */
public record CountRequest(String path, ObjectNode body, String key) {
  /** The request for what {@code generation} is about, with those of its keys. */
  static CountRequest of(String path, ObjectNode generation, List<String> keys, String key) {
    ObjectNode body = Json.object();
    for (String name : keys) {
      if (generation.has(name)) {
        body.set(name, generation.get(name));
      }
    }
    return new CountRequest(path, body, key);
  }

  /** The number in the server's answer; empty when it has none. */
  OptionalLong read(byte[] answer) {
    JsonNode count = Json.parse(answer).map(json -> json.path(key)).orElse(Json.object());
    if (count.isArray()) {
      return OptionalLong.of(count.size());
    }
    return count.isIntegralNumber() ? OptionalLong.of(count.longValue()) : OptionalLong.empty();
  }
}
