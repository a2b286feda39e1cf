package io.mistraloperator.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Optional;

/**
 * One thing that is wrong with a request (row B7).
 *
 * @param loc path to the value, each element a string: clients join them with dots
 * @param type kind of problem, one word with underscores
 * @param message what is allowed
 * @param input what was given, shortened: the missing node when nothing was; empty when only the
 *     engine knows what it did not take
 */
public record Problem(List<String> loc, String type, String message, Optional<JsonNode> input) {
  /** Type of a problem that is the model's lack, not the value's fault. */
  public static final String NOT_SUPPORTED = "parameter_not_supported";

  private static final int INPUT_LIMIT = 512;

  /** Names in a place may be the client's own. */
  private static final int NAME_LIMIT = 256;

  /** Takes copies and shortens names and input to what a person can read. */
  public Problem {
    loc = loc.stream().map(place -> Given.cut(place, NAME_LIMIT)).toList();
    input = input.map(Problem::shortened);
  }

  private static JsonNode shortened(JsonNode input) {
    if (input.isMissingNode() || input.isNumber() || input.isBoolean() || input.isNull()) {
      return input;
    }
    String text = input.isTextual() ? input.textValue() : input.toString();
    return text.length() <= INPUT_LIMIT ? input : TextNode.valueOf(Given.cut(text, INPUT_LIMIT));
  }

  /** The problem in words: its place, what is allowed, and what was given (row B7.5). */
  String words() {
    String given = input.map(value -> " (" + Given.words(value) + ")").orElse("");
    return String.join(".", loc) + ": " + message + given;
  }
}
