package io.mistraloperator.gateway.dialect.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.AnswerFormat;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.json.Json;
import java.util.List;
import java.util.regex.Pattern;

/** The {@code response_format} parameter (rows A11.6, A11.10, A12, C1). */
public final class Formats {
  private static final String FIELD = "response_format";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private Formats() {}

  /** Reads the parameter; {@link AnswerFormat.Text} when absent or wrong. */
  public static AnswerFormat read(ObjectNode body, ModelFacts model, Problems problems) {
    JsonNode node = body.path(FIELD);
    if (absent(node)) {
      return new AnswerFormat.Text();
    }
    // A client writes {"type": {"type": "text"}} (A11.10).
    JsonNode format = node.path("type").isObject() ? node.path("type") : node;
    JsonNode type = format.path("type");
    AnswerFormat read =
        switch (type.asText()) {
          case "text" -> new AnswerFormat.Text();
          case "json_object" -> new AnswerFormat.JsonObject();
          case "json_schema" -> schema(format.path("json_schema"), problems);
          default -> {
            problems.add(
                List.of(FIELD),
                "literal_error",
                "must be an object whose type is text, json_object or json_schema",
                node);
            yield new AnswerFormat.Text();
          }
        };
    if (!(read instanceof AnswerFormat.Text) && !model.json()) {
      problems.unsupported(List.of(FIELD), model.name() + " has no JSON mode", type);
      return new AnswerFormat.Text();
    }
    return read;
  }

  private static AnswerFormat schema(JsonNode given, Problems problems) {
    int before = problems.count();
    check(given, problems);
    if (problems.count() > before) {
      return new AnswerFormat.Text();
    }
    JsonNode name = given.path("name");
    ObjectNode definition = Json.object();
    definition.put("name", name.isTextual() ? name.textValue() : "answer");
    definition.set("schema", given.path("schema"));
    if (given.path("description").isTextual()) {
      definition.set("description", given.path("description"));
    }
    Scalars.bool(given.path("strict")).ifPresent(strict -> definition.put("strict", strict));
    return new AnswerFormat.JsonSchema(definition);
  }

  private static void check(JsonNode given, Problems problems) {
    JsonNode schema = given.path("schema");
    if (!schema.isObject()) {
      problems.add(place("schema"), "missing", "must be a JSON schema object", schema);
    }
    JsonNode name = given.path("name");
    boolean named = name.isTextual() && NAME.matcher(name.textValue()).matches();
    if (!absent(name) && !named) {
      problems.add(
          place("name"),
          "string_pattern_mismatch",
          "must have 1 to 64 letters, digits, underscores and dashes",
          name);
    }
    JsonNode description = given.path("description");
    if (!absent(description) && !description.isTextual()) {
      problems.add(place("description"), "string_type", "must be a text", description);
    }
    JsonNode strict = given.path("strict");
    if (!absent(strict) && Scalars.bool(strict).isEmpty()) {
      problems.add(place("strict"), "bool_type", "must be true or false", strict);
    }
  }

  private static List<String> place(String key) {
    return List.of(FIELD, "json_schema", key);
  }

  private static boolean absent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }
}
