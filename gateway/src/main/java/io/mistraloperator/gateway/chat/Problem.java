package io.mistraloperator.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;

/**
 * One thing that is wrong with a request (row B7).
 *
 * @param loc path to the value, each element a string: clients join them with dots
 * @param type kind of problem, one word with underscores
 * @param message what is allowed
 * @param input what was given, shortened
 */
public record Problem(List<String> loc, String type, String message, JsonNode input) {
  /** Type of a problem that is the model's lack, not the value's fault. */
  public static final String NOT_SUPPORTED = "parameter_not_supported";

  private static final int INPUT_LIMIT = 512;

  /** Takes copies and shortens the input to what a person can read. */
  public Problem {
    loc = List.copyOf(loc);
    input = shortened(input);
  }

  private static JsonNode shortened(JsonNode input) {
    if (input == null || input.isMissingNode()) {
      return NullNode.getInstance();
    }
    if (input.isNumber() || input.isBoolean() || input.isNull()) {
      return input;
    }
    String text = input.isTextual() ? input.textValue() : input.toString();
    return text.length() <= INPUT_LIMIT
        ? input
        : TextNode.valueOf(text.substring(0, INPUT_LIMIT) + "...");
  }
}
