package io.mistraloperator.gateway.dialect.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.json.Json;
import java.util.Collection;
import java.util.List;

/** Pieces of JSON schemas (draft 2020-12). */
public final class Schema {
  private Schema() {}

  /** A value of a type. */
  public static ObjectNode of(String type) {
    return Json.object().put("type", type);
  }

  /** A value of a type, in words. */
  public static ObjectNode of(String type, String description) {
    return of(type).put("description", description);
  }

  /** A value of a type, or null. */
  public static ObjectNode orNull(ObjectNode schema) {
    ArrayNode either = Json.array().add(schema).add(of("null"));
    return either("anyOf", either);
  }

  /** A value of one of several forms. */
  public static ObjectNode anyOf(JsonNode... forms) {
    return either("anyOf", Json.array().addAll(List.of(forms)));
  }

  private static ObjectNode either(String word, ArrayNode forms) {
    ObjectNode schema = Json.object();
    schema.set(word, forms);
    return schema;
  }

  /** A list. */
  public static ObjectNode list(ObjectNode items) {
    ObjectNode schema = of("array");
    schema.set("items", items);
    return schema;
  }

  /** A text out of a few. */
  public static ObjectNode oneOf(Collection<String> words) {
    ObjectNode schema = of("string");
    words.forEach(schema.putArray("enum")::add);
    return schema;
  }

  /** An object that must have the properties in {@code required}. */
  public static ObjectNode object(ObjectNode properties, List<String> required) {
    ObjectNode schema = of("object");
    schema.set("properties", properties);
    required.forEach(schema.putArray("required")::add);
    return schema;
  }

  /** An object that must have all its properties. */
  public static ObjectNode whole(ObjectNode properties) {
    List<String> names = properties.properties().stream().map(each -> each.getKey()).toList();
    return object(properties, names);
  }

  /** A schema among the components of the document. */
  public static ObjectNode ref(String name) {
    return Json.object().put("$ref", "#/components/schemas/" + name);
  }
}
