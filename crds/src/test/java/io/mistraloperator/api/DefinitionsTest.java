package io.mistraloperator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every definition has. */
class DefinitionsTest {
  private static final int MOST_BYTES_IN_ANNOTATIONS = 262_144;

  @Test
  @DisplayName("T-A6 definitions fit into the annotation of kubectl apply")
  void definitionsFitIntoAnnotation() {
    for (var definition : Definitions.all()) {
      assertThat(Serialization.asJson(definition).getBytes(StandardCharsets.UTF_8))
          .as(definition.getMetadata().getName())
          .hasSizeLessThan(MOST_BYTES_IN_ANNOTATIONS);
    }
  }

  @Test
  void everyFieldHasText() {
    for (var definition : Definitions.all()) {
      List<String> silent = new ArrayList<>();
      collectSilent(Definitions.schema(definition), kind(definition), silent);
      assertThat(silent).as("fields that kubectl explain shows without text").isEmpty();
    }
  }

  @Test
  void everyStringAndListOfASpecIsBounded() {
    for (var definition : Definitions.all()) {
      List<String> unbounded = new ArrayList<>();
      collectUnbounded(
          Definitions.schema(definition).getProperties().get("spec"),
          kind(definition) + ".spec",
          unbounded);
      assertThat(unbounded).as("CEL needs a bound").isEmpty();
    }
  }

  @Test
  void columnsAreThoseOfTheUserKinds() {
    assertThat(columns("MistralDeployment"))
        .containsExactly(
            "Ready",
            "State",
            "Reason",
            "Fetch",
            "Model",
            "Type",
            "GPUs",
            "Instances",
            "Traffic",
            "Core-Hours",
            "Cost",
            "Expires",
            "Endpoint",
            "Age");
    assertThat(columns("ServerlessEndpoint"))
        .containsExactly("Ready", "State", "Reason", "Model", "Endpoint", "Age");
    assertThat(columns("InferenceQuota")).containsExactly("Used/Limit", "Waiting", "Age");
  }

  @Test
  void conditionsAreMergedByType() {
    for (String kind : List.of("MistralDeployment", "ServerlessEndpoint", "InferenceQuota")) {
      var conditions =
          Definitions.schema(definition(kind))
              .getProperties()
              .get("status")
              .getProperties()
              .get("conditions");
      assertThat(conditions.getXKubernetesListType()).isEqualTo("map");
      assertThat(conditions.getXKubernetesListMapKeys()).containsExactly("type");
    }
  }

  private static void collectSilent(JSONSchemaProps schema, String path, List<String> silent) {
    if (schema.getDescription() == null || schema.getDescription().isBlank()) {
      silent.add(path);
    }
    Optional.ofNullable(schema.getProperties())
        .ifPresent(
            fields ->
                fields.forEach((name, child) -> collectSilent(child, path + "." + name, silent)));
    if (schema.getItems() != null && schema.getItems().getSchema().getProperties() != null) {
      schema
          .getItems()
          .getSchema()
          .getProperties()
          .forEach((name, child) -> collectSilent(child, path + "[]." + name, silent));
    }
  }

  private static void collectUnbounded(
      JSONSchemaProps schema, String path, List<String> unbounded) {
    boolean text = "string".equals(schema.getType()) && schema.getEnum().isEmpty();
    boolean list = "array".equals(schema.getType());
    boolean map = schema.getAdditionalProperties() != null;
    if ((text && schema.getMaxLength() == null)
        || (list && schema.getMaxItems() == null)
        || (map && schema.getMaxProperties() == null)) {
      unbounded.add(path);
    }
    if (map) {
      collectUnbounded(schema.getAdditionalProperties().getSchema(), path + ".*", unbounded);
    }
    if (list) {
      collectUnbounded(schema.getItems().getSchema(), path + "[]", unbounded);
    }
    Optional.ofNullable(schema.getProperties())
        .ifPresent(
            fields ->
                fields.forEach(
                    (name, child) -> collectUnbounded(child, path + "." + name, unbounded)));
  }

  private static List<String> columns(String kind) {
    return definition(kind)
        .getSpec()
        .getVersions()
        .getFirst()
        .getAdditionalPrinterColumns()
        .stream()
        .map(CustomResourceColumnDefinition::getName)
        .toList();
  }

  private static CustomResourceDefinition definition(String kind) {
    return Definitions.all().stream()
        .filter(each -> kind(each).equals(kind))
        .findFirst()
        .orElseThrow();
  }

  private static String kind(CustomResourceDefinition definition) {
    return definition.getSpec().getNames().getKind();
  }
}
