package io.mistraloperator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Changes of one place in a tree of YAML; a place is a list of field names and list indices. */
final class Tree {
  private static final YAMLMapper YAML = new YAMLMapper();

  private Tree() {}

  /** One document. */
  static ObjectNode parse(String yaml) {
    try {
      return (ObjectNode) YAML.readTree(yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One document of a file. */
  static ObjectNode read(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is at a place. */
  static Optional<JsonNode> at(JsonNode tree, List<Object> place) {
    JsonNode node = tree;
    for (Object step : place) {
      node = step instanceof Integer index ? node.path(index) : node.path((String) step);
    }
    return node.isMissingNode() ? Optional.empty() : Optional.of(node);
  }

  /** A copy with another value at a place; objects on the way are made. */
  static ObjectNode with(ObjectNode tree, List<Object> place, JsonNode value) {
    var copy = tree.deepCopy();
    JsonNode parent = copy;
    for (Object step : place.subList(0, place.size() - 1)) {
      parent = child(parent, step);
    }
    switch (place.getLast()) {
      case Integer index -> ((ArrayNode) parent).set(index, value);
      case Object name -> ((ObjectNode) parent).set((String) name, value);
    }
    return copy;
  }

  private static JsonNode child(JsonNode parent, Object step) {
    return switch (step) {
      case Integer index -> parent.get(index);
      case Object name when parent.has((String) name) -> parent.get((String) name);
      case Object name -> ((ObjectNode) parent).putObject((String) name);
    };
  }

  /** A copy without the field at a place. */
  static ObjectNode without(ObjectNode tree, List<Object> place) {
    var copy = tree.deepCopy();
    var parent = at(copy, place.subList(0, place.size() - 1)).orElseThrow();
    ((ObjectNode) parent).remove((String) place.getLast());
    return copy;
  }

  /** A place as the API server writes it, for instance {@code spec.aliases[0]}. */
  static String path(List<Object> place) {
    var text = new StringBuilder();
    for (Object step : place) {
      if (step instanceof Integer index) {
        text.append('[').append(index).append(']');
      } else {
        text.append(text.isEmpty() ? "" : ".").append(step);
      }
    }
    return text.toString();
  }
}
