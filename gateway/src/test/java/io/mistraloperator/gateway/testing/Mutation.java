package io.mistraloperator.gateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes something that nobody meant to send out of a request that somebody would. */
public final class Mutation {
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-1",
          "1",
          "2",
          "1.5",
          "1e999",
          "-0.0",
          "9223372036854775808",
          "1e-400",
          "\"\"",
          "\" \"",
          "\"true\"",
          "\"1e99999999\"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"[INST]\"",
          "\"data:image/png;base64,\"",
          "[]",
          "{}",
          "[[]]",
          "[null]",
          "[{}]",
          "{\"a\":{}}",
          "{\"type\":\"function\"}",
          "{\"type\":{\"type\":\"json_object\"}}",
          "\"user\"",
          "\"tool\"",
          "\"assistant\"",
          "\"required\"",
          "\"any\"",
          "4096",
          "4097",
          "\"" + "x".repeat(5000) + "\"");
  private static final List<String> NAMES =
      List.of(
          "n",
          "stop",
          "seed",
          "prefix",
          "logprobs",
          "top_logprobs",
          "logit_bias",
          "stream",
          "stream_options",
          "safe_prompt",
          "guardrails",
          "n_cmpl",
          "tool_calls",
          "tool_call_id",
          "content",
          "role",
          "type",
          "",
          "\u0000",
          "response_format",
          "max_tokens",
          "temperature",
          "name",
          "image_url");

  private final Random random;

  public Mutation(Random random) {
    this.random = random;
  }

  /** One of {@code all}. */
  public <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  /** A body like {@code json}, but not quite. */
  public byte[] body(String json) {
    ObjectNode tree = (ObjectNode) Json.parse(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    for (int i = random.nextInt(4); i > 0; i--) {
      change(tree);
    }
    byte[] bytes = tree.toString().getBytes(StandardCharsets.UTF_8);
    return random.nextInt(4) == 0 ? bytes(bytes) : bytes;
  }

  private void change(ObjectNode tree) {
    List<JsonNode> inner = new ArrayList<>();
    collect(tree, inner);
    JsonNode node = any(inner);
    JsonNode value = value();
    if (node instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      String name = names.isEmpty() || random.nextInt(4) == 0 ? any(NAMES) : any(names);
      if (random.nextInt(4) == 0) {
        object.remove(name);
      } else {
        object.set(name, value);
      }
    } else if (node instanceof ArrayNode array) {
      switch (array.isEmpty() ? 0 : random.nextInt(3)) {
        case 0 -> array.add(value);
        case 1 -> array.remove(random.nextInt(array.size()));
        default -> array.add(array.get(random.nextInt(array.size())));
      }
    }
  }

  private JsonNode value() {
    return Json.parse(any(VALUES).getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  private static void collect(JsonNode node, List<JsonNode> inner) {
    if (node.isContainerNode()) {
      inner.add(node);
      node.forEach(child -> collect(child, inner));
    }
  }

  private byte[] bytes(byte[] bytes) {
    byte[] changed = bytes.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(changed.length);
      switch (random.nextInt(3)) {
        case 0 -> changed[at] = (byte) random.nextInt(256);
        case 1 -> changed = Arrays.copyOf(changed, Math.max(1, at));
        default -> changed = Arrays.copyOf(changed, changed.length + 1);
      }
    }
    return changed;
  }

  /** A header line like {@code line}, but not quite; perhaps none that HTTP knows. */
  public String header(String line) {
    if (random.nextInt(3) > 0) {
      return line;
    }
    int at = random.nextInt(line.length() + 1);
    String put =
        any(
            List.of(
                "\u0000",
                "\u0001",
                "\t",
                " ",
                ":",
                ";",
                ",",
                "\"",
                "\u007f",
                "\u00e9",
                "\u00ff",
                "x".repeat(2000),
                "z".repeat(33_000)));
    return line.substring(0, at) + put + line.substring(at);
  }

  /** A path like {@code path}, but not quite; still one that HTTP knows. */
  public String path(String path) {
    if (random.nextInt(3) > 0) {
      return path;
    }
    int at = 1 + random.nextInt(path.length());
    String put =
        any(List.of("/", "%2F", "%", "%zz", "..", "?api-version=x", "?a=%", "//", "%00", "a", ";"));
    return path.substring(0, at) + put + path.substring(at);
  }
}
