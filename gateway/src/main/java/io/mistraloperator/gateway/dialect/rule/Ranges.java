package io.mistraloperator.gateway.dialect.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Parameters with a type and a range (rows B2, B5). An absent or null parameter is absent; one that
 * is wrong is noted and absent.
 */
public final class Ranges {
  /** Choices of one answer; each is a generation of its own. */
  public static final int MOST_CHOICES = 16;

  /** Stop texts that every engine takes. */
  public static final int MOST_STOPS = 4;

  private final ObjectNode body;
  private final Problems problems;

  /** Reads parameters of {@code body} and notes what is wrong in {@code problems}. */
  public Ranges(ObjectNode body, Problems problems) {
    this.body = body;
    this.problems = problems;
  }

  /** A number from {@code least} to {@code most}. */
  public OptionalDouble number(String name, double least, double most) {
    JsonNode node = body.path(name);
    if (absent(node)) {
      return OptionalDouble.empty();
    }
    OptionalDouble value = Scalars.number(node);
    if (value.isEmpty()) {
      problems.add(List.of(name), "float_type", "must be a number", node);
    } else if (value.getAsDouble() < least || value.getAsDouble() > most) {
      problems.add(
          List.of(name),
          "out_of_range",
          "must be from " + plain(least) + " to " + plain(most),
          node);
      return OptionalDouble.empty();
    }
    return value;
  }

  /** A number above {@code bound}. */
  public OptionalDouble above(String name, double bound) {
    OptionalDouble value = number(name, -Double.MAX_VALUE, Double.MAX_VALUE);
    if (value.isPresent() && value.getAsDouble() <= bound) {
      problems.add(
          List.of(name), "out_of_range", "must be more than " + plain(bound), body.path(name));
      return OptionalDouble.empty();
    }
    return value;
  }

  /** A whole number from {@code least} to {@code most}. */
  public OptionalInt integer(String name, int least, int most) {
    OptionalLong value = whole(name);
    if (value.isPresent() && (value.getAsLong() < least || value.getAsLong() > most)) {
      problems.add(
          List.of(name), "out_of_range", "must be from " + least + " to " + most, body.path(name));
      return OptionalInt.empty();
    }
    return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
  }

  /** A whole number of 64 bits from {@code least}. */
  public OptionalLong whole(String name, long least) {
    OptionalLong value = whole(name);
    if (value.isPresent() && value.getAsLong() < least) {
      problems.add(List.of(name), "out_of_range", "must be at least " + least, body.path(name));
      return OptionalLong.empty();
    }
    return value;
  }

  /** A whole number of 64 bits. */
  public OptionalLong whole(String name) {
    JsonNode node = body.path(name);
    if (absent(node)) {
      return OptionalLong.empty();
    }
    OptionalLong value = Scalars.integer(node);
    if (value.isEmpty()) {
      problems.add(List.of(name), "int_type", "must be a whole number of 64 bits", node);
    }
    return value;
  }

  /** A switch. */
  public Optional<Boolean> bool(String name) {
    JsonNode node = body.path(name);
    if (absent(node)) {
      return Optional.empty();
    }
    Optional<Boolean> value = Scalars.bool(node);
    if (value.isEmpty()) {
      problems.add(List.of(name), "bool_type", "must be true or false", node);
    }
    return value;
  }

  /** Whether {@code stream_options} asks for usage. */
  public boolean usageAsked() {
    JsonNode options = body.path("stream_options");
    if (absent(options)) {
      return false;
    }
    if (!options.isObject()) {
      problems.add(List.of("stream_options"), "dict_type", "must be an object", options);
      return false;
    }
    JsonNode usage = options.path("include_usage");
    Optional<Boolean> asked = Scalars.bool(usage);
    if (asked.isEmpty() && !absent(usage)) {
      problems.add(
          List.of("stream_options", "include_usage"), "bool_type", "must be true or false", usage);
    }
    return asked.orElse(false);
  }

  /** Texts that end the answer: one, or a list. */
  public List<String> stop() {
    JsonNode node = body.path("stop");
    if (absent(node)) {
      return List.of();
    }
    if (node.isTextual()) {
      return stopTexts(List.of(node));
    }
    if (!node.isArray()) {
      problems.add(List.of("stop"), "list_type", "must be a text or a list of texts", node);
      return List.of();
    }
    if (node.size() > MOST_STOPS) {
      problems.add(List.of("stop"), "too_long", "takes at most " + MOST_STOPS + " texts", node);
      return List.of();
    }
    List<JsonNode> items = new ArrayList<>();
    node.forEach(items::add);
    return stopTexts(items);
  }

  private List<String> stopTexts(List<JsonNode> items) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      JsonNode item = items.get(i);
      if (item.isTextual() && !item.textValue().isEmpty()) {
        texts.add(item.textValue());
      } else {
        problems.add(
            List.of("stop", Integer.toString(i)),
            "string_type",
            "must be a text with characters",
            item);
      }
    }
    return texts;
  }

  private static boolean absent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  private static String plain(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }
}
