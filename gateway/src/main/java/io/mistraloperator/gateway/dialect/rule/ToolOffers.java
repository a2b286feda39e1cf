package io.mistraloperator.gateway.dialect.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.chat.ToolChoice;
import io.mistraloperator.gateway.chat.Tools;
import io.mistraloperator.gateway.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The {@code tools} and {@code tool_choice} parameters (rows A15, B2, C1, C2). */
public final class ToolOffers {
  /** Names of functions, as a regular expression. */
  public static final String NAME_FORM = "[A-Za-z0-9_-]{1,64}";

  private static final Pattern NAME = Pattern.compile(NAME_FORM);
  private static final String NAME_WORDS =
      "must have 1 to 64 letters, digits, underscores and dashes";

  private ToolOffers() {}

  /**
   * Reads both parameters.
   *
   * @param parallel whether one answer may hold several calls
   */
  public static Tools read(ObjectNode body, boolean parallel, ModelFacts model, Problems problems) {
    JsonNode tools = body.path("tools");
    JsonNode choice = body.path("tool_choice");
    boolean offered = !tools.isMissingNode() && !tools.isNull();
    if (offered && !model.tools()) {
      problems.unsupported(List.of("tools"), model.name() + " calls no tools", tools);
      return Tools.NONE;
    }
    List<ObjectNode> offer = offered ? offer(tools, problems) : List.of();
    Optional<ToolChoice> read = choice(choice, offer, offered, problems);
    // Engines leave the tools in the prompt for "none": offering nothing is what it means.
    return read.map(wanted -> new Tools(offer, wanted, parallel)).orElse(Tools.NONE);
  }

  private static List<ObjectNode> offer(JsonNode tools, Problems problems) {
    if (!tools.isArray() || tools.isEmpty()) {
      problems.add(List.of("tools"), "list_type", "must be a list with at least one tool", tools);
      return List.of();
    }
    List<ObjectNode> offer = new ArrayList<>();
    for (int i = 0; i < tools.size(); i++) {
      tool(tools.get(i), List.of("tools", Integer.toString(i)), problems).ifPresent(offer::add);
    }
    return offer;
  }

  private static Optional<ObjectNode> tool(JsonNode tool, List<String> loc, Problems problems) {
    JsonNode type = tool.path("type");
    if (!type.isMissingNode() && !type.asText().equals("function")) {
      problems.add(with(loc, "type"), "literal_error", "must be function", type);
      return Optional.empty();
    }
    JsonNode function = tool.path("function");
    JsonNode name = function.path("name");
    JsonNode parameters = function.path("parameters");
    if (!name.isTextual() || !NAME.matcher(name.textValue()).matches()) {
      problems.add(
          with(with(loc, "function"), "name"), "string_pattern_mismatch", NAME_WORDS, name);
      return Optional.empty();
    }
    if (!parameters.isMissingNode() && !parameters.isNull() && !parameters.isObject()) {
      problems.add(
          with(with(loc, "function"), "parameters"),
          "dict_type",
          "must be a JSON schema object",
          parameters);
      return Optional.empty();
    }
    return Optional.of(canonical(function));
  }

  private static ObjectNode canonical(JsonNode function) {
    ObjectNode tool = Json.object();
    tool.put("type", "function");
    ObjectNode copy = tool.putObject("function");
    copy.set("name", function.path("name"));
    if (function.path("description").isTextual()) {
      copy.set("description", function.path("description"));
    }
    if (function.path("parameters").isObject()) {
      copy.set("parameters", function.path("parameters"));
    } else {
      copy.putObject("parameters").put("type", "object").putObject("properties");
    }
    return tool;
  }

  /** The choice; empty for "none" and for anything without an offer. */
  private static Optional<ToolChoice> choice(
      JsonNode choice, List<ObjectNode> offer, boolean offered, Problems problems) {
    if (choice.isMissingNode() || choice.isNull()) {
      return offer.isEmpty() ? Optional.empty() : Optional.of(new ToolChoice.Auto());
    }
    if (choice.isObject()) {
      return named(choice.path("function").path("name"), offer, problems);
    }
    Optional<ToolChoice> read =
        switch (choice.asText()) {
          case "auto" -> Optional.of(new ToolChoice.Auto());
          case "required", "any" -> Optional.of(new ToolChoice.Required());
          case "none" -> Optional.empty();
          default -> {
            problems.add(
                List.of("tool_choice"),
                "literal_error",
                "must be auto, none, required, or an object that names a function",
                choice);
            yield Optional.empty();
          }
        };
    if (!offered && read.filter(ToolChoice.Required.class::isInstance).isPresent()) {
      problems.add(List.of("tool_choice"), "missing_tools", "needs tools to choose from", choice);
    }
    return offer.isEmpty() ? Optional.empty() : read;
  }

  private static Optional<ToolChoice> named(
      JsonNode name, List<ObjectNode> offer, Problems problems) {
    boolean known =
        name.isTextual()
            && offer.stream()
                .anyMatch(
                    tool -> tool.path("function").path("name").asText().equals(name.textValue()));
    if (!known) {
      problems.add(
          List.of("tool_choice", "function", "name"),
          "unknown_tool",
          "must be the name of one of the tools",
          name);
      return Optional.empty();
    }
    return Optional.of(new ToolChoice.Named(name.textValue()));
  }

  private static List<String> with(List<String> loc, String last) {
    List<String> path = new ArrayList<>(loc);
    path.add(last);
    return path;
  }
}
