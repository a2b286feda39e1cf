package io.mistraloperator.gateway.dialect.schema;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.dialect.rule.ToolOffers;
import io.mistraloperator.gateway.json.Json;
import java.util.List;
import java.util.stream.Stream;

/** Schemas of what chats are made of, as far as the model has it. */
final class MessageSchema {
  private final ModelFacts model;

  MessageSchema(ModelFacts model) {
    this.model = model;
  }

  /** The conversation. */
  ObjectNode messages() {
    return Schema.list(message()).put("minItems", 1);
  }

  private ObjectNode message() {
    List<String> roles =
        Stream.concat(
                Stream.of("system", "developer", "user", "assistant"),
                Stream.of("tool").filter(tool -> model.tools()))
            .toList();
    ObjectNode properties = Json.object();
    properties.set("role", Schema.oneOf(roles));
    properties.set("content", content());
    properties.set("prefix", Schema.of("boolean", "Last, of an assistant: to be continued."));
    if (model.tools()) {
      properties.set("tool_calls", Schema.orNull(Schema.list(call())));
      properties.set("tool_call_id", Schema.of("string", "The call that a tool message answers."));
    }
    return Schema.object(properties, List.of("role"));
  }

  private ObjectNode content() {
    ObjectNode text = Json.object();
    text.set("type", Schema.of("string").put("const", "text"));
    text.set("text", Schema.of("string"));
    ObjectNode part =
        model.vision() ? Schema.anyOf(Schema.whole(text), image()) : Schema.whole(text);
    return Schema.anyOf(
        Schema.of("string"),
        Schema.list(part).put("minItems", 1),
        Schema.of("null", "For assistants that call tools, and results without text."));
  }

  private static ObjectNode image() {
    ObjectNode url = Json.object();
    url.set("url", Schema.of("string").put("pattern", "^data:"));
    ObjectNode image = Json.object();
    image.set("type", Schema.of("string").put("const", "image_url"));
    image.set(
        "image_url", Schema.anyOf(Schema.whole(url), Schema.of("string").put("pattern", "^data:")));
    return Schema.whole(image);
  }

  /** A call, as it is answered and sent back. */
  static ObjectNode call() {
    ObjectNode function = Json.object();
    function.set("name", Schema.of("string"));
    function.set("arguments", Schema.of("string", "JSON text."));
    ObjectNode call = Json.object();
    call.set("id", Schema.of("string"));
    call.set("type", Schema.of("string").put("const", "function"));
    call.set("function", Schema.whole(function));
    return Schema.object(call, List.of("function"));
  }

  /** Functions on offer. */
  static ObjectNode tools() {
    ObjectNode function = Json.object();
    function.set("name", Schema.of("string").put("pattern", "^" + ToolOffers.NAME_FORM + "$"));
    function.set("description", Schema.of("string"));
    function.set("parameters", Schema.of("object", "A JSON schema."));
    function.set("strict", Schema.of("boolean", "Holds the model to the schema, where it can."));
    ObjectNode tool = Json.object();
    tool.set("type", Schema.of("string").put("const", "function"));
    tool.set("function", Schema.object(function, List.of("name")));
    return Schema.list(Schema.object(tool, List.of("function"))).put("minItems", 1);
  }

  /** What the model may do with them. */
  static ObjectNode toolChoice() {
    ObjectNode named = Json.object();
    named.set("type", Schema.of("string").put("const", "function"));
    named.set("function", Schema.whole(Json.object().set("name", Schema.of("string"))));
    return Schema.anyOf(
        Schema.oneOf(List.of("auto", "none", "required", "any")),
        Schema.object(named, List.of("function")));
  }

  /** Form of the answer. */
  static ObjectNode format(ModelFacts model) {
    ObjectNode properties = Json.object();
    if (!model.json()) {
      properties.set("type", Schema.oneOf(List.of("text")));
      return Schema.object(properties, List.of("type"));
    }
    ObjectNode definition = Json.object();
    definition.set("name", Schema.of("string"));
    definition.set("description", Schema.of("string"));
    definition.set("schema", Schema.of("object", "A JSON schema."));
    definition.set("strict", Schema.of("boolean"));
    properties.set("type", Schema.oneOf(List.of("text", "json_object", "json_schema")));
    properties.set("json_schema", Schema.object(definition, List.of("schema")));
    return Schema.object(properties, List.of("type"));
  }
}
