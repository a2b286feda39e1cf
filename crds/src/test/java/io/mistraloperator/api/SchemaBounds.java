package io.mistraloperator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Walks a schema along a sample object and makes, of every bound, one object that just keeps it and
 * one that just breaks it.
 */
final class SchemaBounds {
  /**
   * One bound of one field.
   *
   * @param place the field
   * @param word the schema's word for it
   * @param kept objects that the server must accept; empty where the sample itself shows it
   * @param broken an object that the server must refuse
   * @param says what the refusal must say, besides the field
   */
  record Bound(
      List<Object> place, String word, List<ObjectNode> kept, ObjectNode broken, String says) {
    @Override
    public String toString() {
      return Tree.path(place) + " " + word;
    }
  }

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final ObjectNode sample;
  private final List<Bound> bounds = new ArrayList<>();
  private final Set<String> visited = new TreeSet<>();
  private final Set<String> known = new TreeSet<>();

  SchemaBounds(ObjectNode sample, JSONSchemaProps root) {
    this.sample = sample;
    visit(root.getProperties().get("spec"), sample.get("spec"), List.of("spec"), "spec");
  }

  /** Every bound of the fields that the sample has. */
  List<Bound> bounds() {
    return bounds;
  }

  /** Fields of the schema that the sample has, without list indices. */
  Set<String> visited() {
    return visited;
  }

  /** All fields of the parts of the schema that the sample has. */
  Set<String> known() {
    return known;
  }

  private void visit(JSONSchemaProps schema, JsonNode value, List<Object> place, String field) {
    visited.add(field);
    if (Boolean.TRUE.equals(schema.getXKubernetesIntOrString())) {
      add(place, "type", List.of(), JSON.booleanNode(true), "integer,string");
      add(place, "pattern", List.of(JSON.numberNode(8)), JSON.textNode("much"), "should match");
      add(place, "maxLength", List.of(), JSON.textNode("1".repeat(33)), "32 bytes");
      return;
    }
    switch (schema.getType()) {
      case "object" -> object(schema, value, place, field);
      case "array" -> array(schema, value, place, field);
      case "string" -> string(schema, value.asText(), place);
      case "integer" -> integer(schema, place);
      case "boolean" -> add(place, "type", List.of(), JSON.textNode("maybe"), "type boolean");
      default -> throw new IllegalStateException(field + " has the type " + schema.getType());
    }
  }

  private void object(JSONSchemaProps schema, JsonNode value, List<Object> place, String field) {
    add(place, "type", List.of(), JSON.textNode("text"), "type object");
    for (String name : schema.getRequired()) {
      var child = then(place, name);
      bounds.add(
          new Bound(child, "required", List.of(), Tree.without(sample, child), "Required value"));
    }
    if (schema.getAdditionalProperties() != null) {
      map(schema, value, place, field);
      return;
    }
    schema
        .getProperties()
        .forEach(
            (name, child) -> {
              known.add(field + "." + name);
              if (value.has(name)) {
                visit(child, value.get(name), then(place, name), field + "." + name);
              }
            });
  }

  private void map(JSONSchemaProps schema, JsonNode value, List<Object> place, String field) {
    int max = Math.toIntExact(schema.getMaxProperties());
    add(place, "maxProperties", List.of(entries(max)), entries(max + 1), max + " items");
    var entry = value.fieldNames().next();
    visit(
        schema.getAdditionalProperties().getSchema(),
        value.get(entry),
        then(place, entry),
        field + ".*");
  }

  private static ObjectNode entries(int count) {
    var entries = JSON.objectNode();
    IntStream.range(0, count).forEach(i -> entries.put("key" + i, "value"));
    return entries;
  }

  private void array(JSONSchemaProps schema, JsonNode value, List<Object> place, String field) {
    int max = Math.toIntExact(schema.getMaxItems());
    add(place, "type", List.of(), JSON.textNode("text"), "type array");
    add(
        place,
        "maxItems",
        List.of(items(schema, value.get(0), max)),
        items(schema, value.get(0), max + 1),
        max + " items");
    if (schema.getMinItems() != null) {
      int min = Math.toIntExact(schema.getMinItems());
      add(
          place,
          "minItems",
          List.of(items(schema, value.get(0), min)),
          items(schema, value.get(0), min - 1),
          "at least " + min + " items");
    }
    IntStream.range(0, value.size())
        .forEach(
            i -> visit(schema.getItems().getSchema(), value.get(i), then(place, i), field + "[]"));
  }

  /** Copies of an item; where the list is a map, with a key of their own. */
  private static JsonNode items(JSONSchemaProps schema, JsonNode item, int count) {
    var items = JSON.arrayNode();
    for (int i = 0; i < count; i++) {
      JsonNode copy = item.deepCopy();
      for (String key : schema.getXKubernetesListMapKeys()) {
        ((ObjectNode) copy).put(key, item.get(key).asText() + i);
      }
      items.add(copy);
    }
    return items;
  }

  private void string(JSONSchemaProps schema, String value, List<Object> place) {
    add(place, "type", List.of(), JSON.numberNode(7), "type string");
    if (!schema.getEnum().isEmpty()) {
      // Words that go with other fields have cases of their own, among the CEL rules.
      boolean tied = place.equals(List.of("spec", "auth", "mode"));
      List<JsonNode> words = tied ? List.of() : List.copyOf(schema.getEnum());
      add(place, "enum", words, JSON.textNode("Other"), "supported values");
      return;
    }
    // Not every word is a time zone; those have cases among the CEL rules, too.
    boolean free = !place.getLast().equals("timeZone");
    int max = Math.toIntExact(schema.getMaxLength());
    add(
        place,
        "maxLength",
        free ? List.of(JSON.textNode(padded(value, max))) : List.of(),
        JSON.textNode(padded(value, max + 1)),
        max + " bytes");
    if (schema.getMinLength() != null) {
      int min = Math.toIntExact(schema.getMinLength());
      add(
          place,
          "minLength",
          free ? List.of(JSON.textNode(shortest(schema, value, min))) : List.of(),
          JSON.textNode(value.substring(0, min - 1)),
          "at least " + min + " chars");
    }
    if (schema.getPattern() != null) {
      add(place, "pattern", List.of(), JSON.textNode("\n".repeat(value.length())), "should match");
    }
  }

  private static String padded(String value, int length) {
    var last = value.isEmpty() ? "a" : value.substring(value.length() - 1);
    return value + last.repeat(length - value.length());
  }

  /** The shortest start of the value that keeps the minimum and the pattern. */
  private static String shortest(JSONSchemaProps schema, String value, int min) {
    return IntStream.rangeClosed(min, value.length())
        .mapToObj(length -> value.substring(0, length))
        .filter(start -> schema.getPattern() == null || start.matches(schema.getPattern()))
        .findFirst()
        .orElseThrow();
  }

  private void integer(JSONSchemaProps schema, List<Object> place) {
    add(place, "type", List.of(), JSON.textNode("many"), "type integer");
    if (schema.getMaximum() != null) {
      long max = schema.getMaximum().longValue();
      add(
          place,
          "maximum",
          List.of(JSON.numberNode(max)),
          JSON.numberNode(max + 1),
          "less than or equal to " + max);
    }
    if (schema.getMinimum() != null) {
      long min = schema.getMinimum().longValue();
      add(
          place,
          "minimum",
          List.of(JSON.numberNode(min)),
          JSON.numberNode(min - 1),
          "greater than or equal to " + min);
    }
  }

  private void add(
      List<Object> place, String word, List<JsonNode> kept, JsonNode broken, String says) {
    bounds.add(
        new Bound(
            place,
            word,
            kept.stream().map(value -> Tree.with(sample, place, value)).toList(),
            Tree.with(sample, place, broken),
            says));
  }

  private static List<Object> then(List<Object> place, Object step) {
    return Stream.concat(place.stream(), Stream.of(step)).toList();
  }
}
