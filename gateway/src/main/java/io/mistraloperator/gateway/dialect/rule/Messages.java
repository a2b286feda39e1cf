package io.mistraloperator.gateway.dialect.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.Message;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.chat.Part;
import io.mistraloperator.gateway.chat.Role;
import io.mistraloperator.gateway.chat.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The {@code messages} parameter (rows A9.10, A15.6, A17, B2, C2). Only what a conversation is made
 * of is taken; keys that clients append to a message and engines refuse ({@code function.call_id},
 * {@code refusal}) stay behind.
 */
public final class Messages {
  private static final String FIELD = "messages";
  private static final String WORDS_ONLY = " takes text alone";

  private final ModelFacts model;
  private final Problems problems;
  private final List<Message> read = new ArrayList<>();
  private int images;

  private Messages(ModelFacts model, Problems problems) {
    this.model = model;
    this.problems = problems;
  }

  /** Reads the list; positions in it and in the result are the same when nothing is wrong. */
  public static List<Message> read(ObjectNode body, ModelFacts model, Problems problems) {
    JsonNode list = body.path(FIELD);
    if (!list.isArray() || list.isEmpty()) {
      problems.add(List.of(FIELD), "missing", "must be a list with at least one message", list);
      return List.of();
    }
    Messages reader = new Messages(model, problems);
    for (int i = 0; i < list.size(); i++) {
      reader.message(list.get(i), i);
    }
    return reader.read;
  }

  private void message(JsonNode node, int index) {
    if (!node.isObject()) {
      problems.add(
          List.of(FIELD, Integer.toString(index)),
          "dict_type",
          "must be an object with role and content",
          node);
      return;
    }
    JsonNode role = node.path("role");
    switch (role.asText()) {
      case "system", "developer" ->
          content(node, index).ifPresent(text -> read.add(Message.of(Role.SYSTEM, text)));
      case "user" -> user(node, index);
      case "assistant" -> assistant(node, index);
      case "tool" -> tool(node, index);
      default ->
          problems.add(
              loc(index, "role"),
              "literal_error",
              "must be system, developer, user, assistant or tool",
              role);
    }
  }

  private void assistant(JsonNode node, int index) {
    JsonNode calls = node.path("tool_calls");
    if (!calls.isMissingNode() && !calls.isNull() && !calls.isArray()) {
      problems.add(loc(index, "tool_calls"), "list_type", "must be a list of calls", calls);
      return;
    }
    boolean calling = calls.isArray() && !calls.isEmpty();
    boolean silent = !node.hasNonNull("content");
    if (!calling) {
      (silent ? Optional.of("") : content(node, index))
          .ifPresent(text -> read.add(Message.of(Role.ASSISTANT, text)));
      return;
    }
    if (!model.tools()) {
      problems.unsupported(loc(index, "tool_calls"), model.name() + " calls no tools", calls);
      return;
    }
    Optional<String> text = silent ? Optional.of("") : content(node, index);
    List<ToolCall> read = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      call(calls.get(i), index, i).ifPresent(read::add);
    }
    text.ifPresent(
        said -> this.read.add(new Message(Role.ASSISTANT, said, read, Optional.empty())));
  }

  private Optional<ToolCall> call(JsonNode node, int message, int index) {
    JsonNode function = node.path("function");
    JsonNode name = function.path("name");
    if (!name.isTextual() || name.textValue().isEmpty()) {
      problems.add(
          function(message, index, "name"), "string_type", "must be the name of a function", name);
      return Optional.empty();
    }
    JsonNode arguments = function.path("arguments");
    // Some servers stream a call without arguments as an empty text, which no template reads.
    boolean none =
        arguments.isMissingNode()
            || arguments.isNull()
            || arguments.isTextual() && arguments.textValue().isBlank();
    if (!none && !arguments.isTextual() && !arguments.isObject()) {
      problems.add(
          function(message, index, "arguments"),
          "string_type",
          "must be a JSON object, or its text",
          arguments);
      return Optional.empty();
    }
    String text =
        none ? "{}" : arguments.isTextual() ? arguments.textValue() : arguments.toString();
    JsonNode id = node.path("id");
    String mapped =
        id.isTextual() && !id.textValue().isEmpty()
            ? ToolIds.mapped(id.textValue())
            : ToolIds.invented(name.textValue(), index);
    return Optional.of(new ToolCall(mapped, name.textValue(), text));
  }

  private static List<String> function(int message, int call, String key) {
    return List.of(
        FIELD, Integer.toString(message), "tool_calls", Integer.toString(call), "function", key);
  }

  private void tool(JsonNode node, int index) {
    if (!model.tools()) {
      problems.unsupported(loc(index, "role"), model.name() + " calls no tools", node.path("role"));
      return;
    }
    Optional<String> text = node.hasNonNull("content") ? content(node, index) : Optional.of("");
    JsonNode id = node.path("tool_call_id");
    Optional<String> mapped =
        id.isTextual() && !id.textValue().isEmpty()
            ? Optional.of(ToolIds.mapped(id.textValue()))
            : Optional.empty();
    text.ifPresent(said -> read.add(new Message(Role.TOOL, said, List.of(), mapped)));
  }

  private void user(JsonNode node, int index) {
    if (!model.vision() || !node.path("content").isArray()) {
      content(node, index).ifPresent(text -> read.add(Message.of(Role.USER, text)));
      return;
    }
    parts(node.path("content"), index, true)
        .map(Messages::joined)
        .ifPresent(parts -> read.add(new Message(Role.USER, parts, List.of(), Optional.empty())));
  }

  /** Texts alone are one text, a line each. */
  private static List<Part> joined(List<Part> parts) {
    Message whole = new Message(Role.USER, parts, List.of(), Optional.empty());
    return whole.hasImages() ? parts : List.of(new Part.Text(whole.text()));
  }

  private Optional<String> content(JsonNode message, int index) {
    JsonNode content = message.path("content");
    if (content.isTextual()) {
      return Optional.of(content.textValue());
    }
    if (content.isArray() && !content.isEmpty()) {
      return parts(content, index, false)
          .map(parts -> new Message(Role.USER, parts, List.of(), Optional.empty()).text());
    }
    problems.add(
        loc(index, "content"), "string_type", "must be a text or a list of parts", content);
    return Optional.empty();
  }

  private Optional<List<Part>> parts(JsonNode parts, int message, boolean sees) {
    if (parts.isEmpty()) {
      problems.add(
          loc(message, "content"), "string_type", "must be a text or a list of parts", parts);
    }
    List<Part> all = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      List<String> loc = List.of(FIELD, Integer.toString(message), "content", Integer.toString(i));
      part(parts.get(i), loc, sees).ifPresent(all::add);
    }
    return all.isEmpty() || all.size() < parts.size() ? Optional.empty() : Optional.of(all);
  }

  private Optional<Part> part(JsonNode part, List<String> loc, boolean sees) {
    switch (part.path("type").asText()) {
      case "text" -> {
        if (part.path("text").isTextual()) {
          return Optional.of(new Part.Text(part.path("text").textValue()));
        }
        problems.add(loc, "string_type", "a text part must have a text", part);
      }
      case "image_url", "image" -> {
        if (sees) {
          return image(part, loc);
        }
        String words =
            model.vision() ? "only a message of the user holds images" : model.name() + WORDS_ONLY;
        problems.unsupported(loc, words, part.path("type"));
      }
      case "input_audio", "audio_url" ->
          problems.unsupported(
              loc,
              model.name() + (model.vision() ? " does not hear" : WORDS_ONLY),
              part.path("type"));
      default ->
          problems.add(
              loc,
              "literal_error",
              "must be a part of type text" + (sees ? " or image_url" : ""),
              part);
    }
    return Optional.empty();
  }

  private Optional<Part> image(JsonNode part, List<String> loc) {
    if (++images > Images.MOST) {
      problems.add(
          loc, "too_many", "a request holds at most " + Images.MOST + " images", part.path("type"));
      return Optional.empty();
    }
    return Images.read(part, loc, problems).map(image -> image);
  }

  private static List<String> loc(int index, String key) {
    return List.of(FIELD, Integer.toString(index), key);
  }
}
