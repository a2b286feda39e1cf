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
    boolean offered = given(tools);
    if (offered && !model.tools()) {
      problems.unsupported(List.of("tools"), model.name() + " calls no tools", tools);
      return Tools.NONE;
    }
    int before = problems.count();
    List<ObjectNode> offer = offered ? offer(tools, problems) : List.of();
    boolean whole = problems.count() == before;
    Optional<ToolChoice> read =
        choice.isObject()
            ? named(choice, offer, whole, problems)
            : choice(choice, offer, offered, problems);
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
    int before = problems.count();
    JsonNode function = tool.path("function");
    check(function, with(loc, "function"), problems);
    return problems.count() == before ? Optional.of(canonical(function)) : Optional.empty();
  }

  private static void check(JsonNode function, List<String> loc, Problems problems) {
    JsonNode name = function.path("name");
    if (!name.isTextual() || !NAME.matcher(name.textValue()).matches()) {
      problems.add(with(loc, "name"), "string_pattern_mismatch", NAME_WORDS, name);
    }
    JsonNode description = function.path("description");
    if (given(description) && !description.isTextual()) {
      problems.add(with(loc, "description"), "string_type", "must be a text", description);
    }
    JsonNode parameters = function.path("parameters");
    if (given(parameters) && !parameters.isObject()) {
      problems.add(
          with(loc, "parameters"), "dict_type", "must be a JSON schema object", parameters);
    }
    JsonNode strict = function.path("strict");
    if (given(strict) && Scalars.bool(strict).isEmpty()) {
      problems.add(with(loc, "strict"), "bool_type", "must be true or false", strict);
    }
  }

  private static boolean given(JsonNode value) {
    return !value.isMissingNode() && !value.isNull();
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
    if (Scalars.bool(function.path("strict")).orElse(false)) {
      copy.put("strict", true);
    }
    return tool;
  }

  /** The choice; empty for "none" and for anything without an offer. */
  private static Optional<ToolChoice> choice(
      JsonNode choice, List<ObjectNode> offer, boolean offered, Problems problems) {
    if (!given(choice)) {
      return offer.isEmpty() ? Optional.empty() : Optional.of(new ToolChoice.Auto());
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

  /**
   * The choice of one function.
   *
   * @param whole whether every tool was read: otherwise its name may be that of another one
   */
  private static Optional<ToolChoice> named(
      JsonNode choice, List<ObjectNode> offer, boolean whole, Problems problems) {
    JsonNode type = choice.path("type");
    if (given(type) && !type.asText().equals("function")) {
      problems.add(List.of("tool_choice", "type"), "literal_error", "must be function", type);
    }
    JsonNode name = choice.path("function").path("name");
    boolean known =
        name.isTextual()
            && offer.stream()
                .anyMatch(
                    tool -> tool.path("function").path("name").asText().equals(name.textValue()));
    if (!known && (whole || !name.isTextual())) {
      problems.add(
          List.of("tool_choice", "function", "name"),
          "unknown_tool",
          "must be the name of one of the tools",
          name);
    }
    return known ? Optional.of(new ToolChoice.Named(name.textValue())) : Optional.empty();
  }

  private static List<String> with(List<String> loc, String last) {
    List<String> path = new ArrayList<>(loc);
    path.add(last);
    return path;
  }
}
