package io.mistraloperator.api;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes the reference of all kinds from their definitions. */
final class ReferenceGenerator {
  private final StringBuilder text = new StringBuilder();

  private ReferenceGenerator() {}

  /** The whole page. */
  static String markdown(List<CustomResourceDefinition> definitions) {
    var writer = new ReferenceGenerator();
    writer.line("# Kinds of mistraloperator.io/v1alpha1");
    writer.line("");
    writer.line(
        "Made from the definitions by `make crds`; `kubectl explain` shows the same texts.");
    definitions.forEach(writer::kind);
    return writer.text.toString();
  }

  private void kind(CustomResourceDefinition definition) {
    var spec = definition.getSpec();
    var names = spec.getNames();
    var schema = Definitions.schema(definition);
    line("");
    line("## " + names.getKind());
    line("");
    line(schema.getDescription());
    line("");
    line(
        "%s, `kubectl get %s`%s."
            .formatted(
                spec.getScope().equals("Cluster") ? "Cluster-wide" : "In a namespace",
                names.getPlural(),
                names.getShortNames().stream()
                    .map(name -> " or `" + name + "`")
                    .collect(Collectors.joining())));
    fields("Spec", schema.getProperties().get("spec"), "spec");
    var status = schema.getProperties().get("status");
    if (status != null && status.getProperties() != null && !status.getProperties().isEmpty()) {
      fields("Status", status, "status");
    }
    rules(schema);
  }

  private void fields(String title, JSONSchemaProps schema, String path) {
    line("");
    line("### " + title);
    line("");
    line("| Field | Type | Meaning |");
    line("|---|---|---|");
    rows(schema, path);
  }

  private void rows(JSONSchemaProps schema, String path) {
    if (schema.getProperties() != null) {
      var required = schema.getRequired();
      schema
          .getProperties()
          .forEach(
              (name, child) -> {
                var field = path + "." + name;
                var must = required.contains(name) && !path.startsWith("status");
                line("| `%s` | %s | %s |".formatted(field, type(child), meaning(child, must)));
                rows(child, field);
              });
    }
    if (schema.getItems() != null) {
      rows(schema.getItems().getSchema(), path + "[]");
    }
  }

  private static String type(JSONSchemaProps schema) {
    if (Boolean.TRUE.equals(schema.getXKubernetesIntOrString())) {
      return "quantity";
    }
    if (schema.getItems() != null) {
      return "list of " + type(schema.getItems().getSchema());
    }
    if (schema.getAdditionalProperties() != null) {
      return "map of " + type(schema.getAdditionalProperties().getSchema());
    }
    return schema.getType();
  }

  private static String meaning(JSONSchemaProps schema, boolean required) {
    var parts = new ArrayList<String>();
    if (required) {
      parts.add("**Required.**");
    }
    parts.add(schema.getDescription());
    if (!schema.getEnum().isEmpty()) {
      parts.add(
          schema.getEnum().stream()
                  .map(value -> "`" + value.asText() + "`")
                  .collect(Collectors.joining(", ", "One of ", ""))
              + ".");
    }
    range(schema).ifPresent(parts::add);
    if (schema.getDefault() != null && !schema.getDefault().isObject()) {
      parts.add("Default `" + schema.getDefault().asText() + "`.");
    }
    return String.join(" ", parts).replace("|", "\\|");
  }

  private static Optional<String> range(JSONSchemaProps schema) {
    if (schema.getMinimum() != null && schema.getMaximum() != null) {
      return Optional.of(
          "%d to %d.".formatted(schema.getMinimum().longValue(), schema.getMaximum().longValue()));
    }
    if (schema.getMaxItems() != null && schema.getMinItems() != null) {
      return Optional.of("%d to %d items.".formatted(schema.getMinItems(), schema.getMaxItems()));
    }
    if (schema.getMaxItems() != null) {
      return Optional.of("At most %d items.".formatted(schema.getMaxItems()));
    }
    if (schema.getMaxLength() != null && !Boolean.TRUE.equals(schema.getXKubernetesIntOrString())) {
      return Optional.of("At most %d characters.".formatted(schema.getMaxLength()));
    }
    return Optional.empty();
  }

  private void rules(JSONSchemaProps schema) {
    var messages = new ArrayList<String>();
    collectRules(schema, messages);
    if (messages.isEmpty()) {
      return;
    }
    line("");
    line("### Refused by the API server");
    line("");
    messages.stream().distinct().forEach(message -> line("- " + message));
  }

  private static void collectRules(JSONSchemaProps schema, List<String> messages) {
    Optional.ofNullable(schema.getXKubernetesValidations())
        .ifPresent(rules -> rules.forEach(rule -> messages.add(rule.getMessage())));
    if (schema.getProperties() != null) {
      schema.getProperties().values().forEach(child -> collectRules(child, messages));
    }
    if (schema.getItems() != null) {
      collectRules(schema.getItems().getSchema(), messages);
    }
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
