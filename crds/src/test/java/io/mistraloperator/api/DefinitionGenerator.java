package io.mistraloperator.api;

import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.mistraloperator.api.testing.Kinds;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes the CustomResourceDefinitions of all kinds from their Java types. */
final class DefinitionGenerator {
  /** Printer columns in the order in which people read them; the generator sorts them by path. */
  private static final List<String> COLUMN_ORDER =
      List.of(
          "Id",
          "Label",
          "Task",
          "Project",
          "Kind",
          "Name",
          "Family",
          "Cores",
          "Memory",
          "Used/Limit",
          "Waiting",
          "Ready",
          "State",
          "Reason",
          "Fetch",
          "Model",
          "Type",
          "Engine",
          "GPUs",
          "GPU",
          "Instances",
          "Traffic",
          "Core-Hours",
          "Cost",
          "Expires",
          "Endpoint",
          "Context",
          "Weights",
          "Managed",
          "Serverless",
          "Preview",
          "License",
          "Lifecycle",
          "Age");

  /** Quantities without a sign; a stored one that no client can read would stop every watch. */
  private static final String QUANTITY = "^[0-9]+(\\.[0-9]+)?([KMGTPE]i|[mkMGTPE])?$";

  private DefinitionGenerator() {}

  /** YAML of every definition by file name. */
  static Map<String, String> files() {
    var output = new InMemory();
    new CRDGenerator()
        .forCRDVersions("v1")
        .withMinQuotes(true)
        .customResourceClasses(Kinds.ALL)
        .withPostProcessor(new Finisher())
        .withOutput(output)
        .detailedGenerate();
    return output.files();
  }

  private static void finish(CustomResourceDefinition definition) {
    definition
        .getSpec()
        .getVersions()
        .forEach(
            version -> {
              var columns = version.getAdditionalPrinterColumns();
              if (columns != null) {
                version.setAdditionalPrinterColumns(ordered(columns));
              }
              var schema = version.getSchema().getOpenAPIV3Schema();
              describeRoot(definition, schema);
              tidy(schema);
              keyFamiliesByName(schema);
              var status = schema.getProperties().get("status");
              if (status != null && status.getProperties().containsKey("conditions")) {
                keyConditionsByType(status.getProperties().get("conditions"));
              }
            });
  }

  /**
   * The generator repeats rules of record components and knows no texts for embedded Kubernetes
   * types.
   */
  private static void tidy(JSONSchemaProps schema) {
    if (schema.getXKubernetesValidations() != null) {
      schema.setXKubernetesValidations(
          schema.getXKubernetesValidations().stream().distinct().toList());
    }
    if (Boolean.TRUE.equals(schema.getXKubernetesIntOrString())) {
      schema.setPattern(QUANTITY);
      schema.setMaxLength(32L);
    }
    if (schema.getItems() != null) {
      tidy(schema.getItems().getSchema());
    }
    var properties = schema.getProperties();
    if (properties == null) {
      return;
    }
    properties.values().forEach(DefinitionGenerator::tidy);
    for (String share : List.of("maxSurge", "maxUnavailable")) {
      if (properties.containsKey(share)
          && Boolean.TRUE.equals(properties.get(share).getXKubernetesIntOrString())) {
        properties.get(share).setPattern(RolloutSettings.PERCENT);
      }
    }
    if (properties.containsKey("nodeSelector")) {
      properties.get("nodeSelector").getAdditionalProperties().getSchema().setMaxLength(63L);
    }
    if (properties.containsKey("tolerations")) {
      var fields = properties.get("tolerations").getItems().getSchema().getProperties();
      TOLERATION_TEXT.forEach((name, text) -> fields.get(name).setDescription(text));
      List.of("effect", "key", "operator", "value")
          .forEach(name -> fields.get(name).setMaxLength(316L));
    }
  }

  private static final Map<String, String> TOLERATION_TEXT =
      Map.of(
          "effect", "NoSchedule, PreferNoSchedule or NoExecute; absent: all.",
          "key", "Key of the taint; absent: all keys.",
          "operator", "Equal or Exists. Default: Equal.",
          "tolerationSeconds", "Seconds that a NoExecute taint is tolerated; absent: for ever.",
          "value", "Value of the taint, for Equal.");

  private static List<CustomResourceColumnDefinition> ordered(
      List<CustomResourceColumnDefinition> columns) {
    var unknown =
        columns.stream()
            .map(CustomResourceColumnDefinition::getName)
            .filter(name -> !COLUMN_ORDER.contains(name))
            .toList();
    if (!unknown.isEmpty()) {
      throw new IllegalStateException(
          "printer columns without a place in COLUMN_ORDER: " + unknown);
    }
    var sorted = new ArrayList<>(columns);
    sorted.sort(
        (a, b) ->
            Integer.compare(COLUMN_ORDER.indexOf(a.getName()), COLUMN_ORDER.indexOf(b.getName())));
    return sorted;
  }

  private static void describeRoot(CustomResourceDefinition definition, JSONSchemaProps schema) {
    schema.setDescription(ROOT_TEXT.get(definition.getSpec().getNames().getKind()));
    schema.getProperties().get("spec").setDescription("What is wanted.");
    schema.setRequired(List.of("spec"));
    var status = schema.getProperties().get("status");
    if (status != null) {
      status.setDescription("What the operator last saw.");
    }
  }

  private static final Map<String, String> ROOT_TEXT =
      Map.of(
          "MistralDeployment",
          "One model on dedicated instances of a machine type, with its endpoint.",
          "ServerlessEndpoint",
          "An endpoint for a model that the platform hosts: nothing runs in the project.",
          "InferenceQuota",
          "Cores of each machine family that a project may use, and who uses them. Written by the platform, read by the project.",
          "MistralModel",
          "One entry of the platform's model catalogue.",
          "InstanceType",
          "One machine size that projects may choose.",
          "InferenceRoute",
          "What the gateway must know of one endpoint; written by the operator.");

  /**
   * Server-side apply merges a list by key only where the schema says so; the keys must be
   * required.
   */
  private static void keyConditionsByType(JSONSchemaProps conditions) {
    conditions.setXKubernetesListType("map");
    conditions.setXKubernetesListMapKeys(List.of("type"));
    conditions.setMaxItems(16L);
    var item = conditions.getItems().getSchema();
    item.setRequired(List.of("lastTransitionTime", "message", "reason", "status", "type"));
    CONDITION_TEXT.forEach((name, text) -> item.getProperties().get(name).setDescription(text));
    Map.of("type", 316L, "reason", 1024L, "message", 32768L, "status", 7L)
        .forEach((name, max) -> item.getProperties().get(name).setMaxLength(max));
  }

  /** A family has one limit, and whoever applies one leaves those of others alone. */
  private static void keyFamiliesByName(JSONSchemaProps schema) {
    var properties = schema.getProperties().get("spec").getProperties();
    if (properties != null && properties.containsKey("families")) {
      properties.get("families").setXKubernetesListType("map");
      properties.get("families").setXKubernetesListMapKeys(List.of("name"));
    }
  }

  private static final Map<String, String> CONDITION_TEXT =
      Map.of(
          "type", "What the condition is about.",
          "status", "True, False or Unknown.",
          "reason", "One word for programs.",
          "message", "The cause, for people.",
          "lastTransitionTime", "When status last changed.",
          "observedGeneration", "metadata.generation that the condition is about.");

  /** Applies {@link #finish} to what the generator made. */
  private static final class Finisher implements CRDPostProcessor {
    @Override
    public HasMetadata process(HasMetadata resource, String version) {
      finish((CustomResourceDefinition) resource);
      return resource;
    }
  }

  /** Keeps what the generator writes. */
  private static final class InMemory
      extends CRDGenerator.AbstractCRDOutput<ByteArrayOutputStream> {
    private final Map<String, ByteArrayOutputStream> streams = new TreeMap<>();

    Map<String, String> files() {
      Map<String, String> files = new TreeMap<>();
      streams.forEach(
          (name, stream) ->
              files.put(
                  name.replace("-v1", "") + ".yaml", stream.toString(StandardCharsets.UTF_8)));
      return files;
    }

    @Override
    protected ByteArrayOutputStream createStreamFor(String name) {
      return streams.computeIfAbsent(name, ignored -> new ByteArrayOutputStream());
    }

    @Override
    public URI crdURI(String name) {
      return URI.create("file:/" + name);
    }
  }
}
