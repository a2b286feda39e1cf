package io.mistraloperator.gateway.dialect.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * The {@code prefix} switch of a message (rows B5, C1): the answer begins with the text of the last
 * message, which is the assistant's.
 */
public final class Prefix {
  private Prefix() {}

  /** Whether the answer continues the last message; notes a switch where it means nothing. */
  public static boolean read(ObjectNode body, Problems problems) {
    JsonNode messages = body.path("messages");
    boolean continued = false;
    for (int i = 0; i < messages.size(); i++) {
      JsonNode given = messages.path(i).path("prefix");
      Optional<Boolean> asked = Scalars.bool(given);
      if (asked.isEmpty() && !given.isMissingNode() && !given.isNull()) {
        note(problems, i, "bool_type", "must be true or false", given);
      }
      if (asked.orElse(false)) {
        Optional<String> wrong = wrong(messages, i);
        if (wrong.isPresent()) {
          note(problems, i, "value_error", wrong.get(), given);
        }
        continued = wrong.isEmpty();
      }
    }
    return continued;
  }

  /** Whether the last message asks to be continued, in whatever words. */
  public static boolean asked(ObjectNode body) {
    JsonNode messages = body.path("messages");
    JsonNode given = messages.path(messages.size() - 1).path("prefix");
    return !given.isMissingNode() && !given.isNull() && Scalars.bool(given).orElse(true);
  }

  private static Optional<String> wrong(JsonNode messages, int index) {
    JsonNode message = messages.path(index);
    if (index != messages.size() - 1) {
      return Optional.of("only the last message can be continued");
    }
    if (!message.path("role").asText().equals("assistant")) {
      return Optional.of("only a message of the assistant can be continued");
    }
    if (!message.path("tool_calls").isEmpty()) {
      return Optional.of("a message with tool calls cannot be continued");
    }
    if (message.path("content").asText("").isBlank() && message.path("content").isEmpty()) {
      return Optional.of("needs text to continue");
    }
    if (messages.path(index - 1).path("role").asText().equals("assistant")) {
      return Optional.of("needs a message of the user or a tool before it");
    }
    return Optional.empty();
  }

  private static void note(
      Problems problems, int index, String type, String message, JsonNode given) {
    problems.add(List.of("messages", Integer.toString(index), "prefix"), type, message, given);
  }
}
