package io.mistraloperator.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The catalogue that the chart brings. */
class CatalogueTest {
  private final RenderedChart chart = RenderedChart.with("catalog: {tiny: {enabled: true}}");

  @Test
  @DisplayName("A1.6 to A1.9: models are named as the service names them")
  void catalogueHasTheModelsOfTheService() {
    assertThat(RenderedChart.with("{}").ofKind("MistralModel"))
        .extracting(
            model -> text(model, "/spec/id"),
            model -> text(model, "/spec/label"),
            model -> model.at("/spec/deployment/managed").asBoolean(),
            model -> model.at("/spec/deployment").has("serverless"))
        .contains(
            tuple("Mistral-Large", "Premium", false, true),
            tuple("mistral-large-2407", "Premium", false, true),
            tuple("Mistral-Small", "Premium", false, true),
            tuple("Ministral-3B", "Premium", false, true),
            tuple("Mistral-Nemo", "Open", true, true),
            tuple("mistralai-Mixtral-8x7B-Instruct-v01", "Open", true, false),
            tuple("mistralai-Mixtral-8x7B-v01", "Open", true, false),
            tuple("mistralai-Mistral-7B-Instruct-v01", "Open", true, false),
            tuple("mistralai-Mistral-7B-v01", "Open", true, false),
            tuple("mistralai-Mistral-7B-Instruct-v02", "Open", true, false),
            tuple("mistralai-Mixtral-8x22B-Instruct-v0-1", "Open", true, false));
  }

  @Test
  void everyNameMeansOneModel() {
    Map<String, String> owners = new HashMap<>();
    chart
        .ofKind("MistralModel")
        .forEach(
            model ->
                names(model)
                    .map(CatalogueTest::normalised)
                    .forEach(
                        name ->
                            assertThat(owners.put(name, text(model, "/spec/id")))
                                .as("%s means two models", name)
                                .isNull()));
  }

  @Test
  void objectsAreNamedAfterTheId() {
    assertThat(chart.ofKind("MistralModel"))
        .allSatisfy(
            model ->
                assertThat(RenderedChart.name(model))
                    .isEqualTo(text(model, "/spec/id").toLowerCase(Locale.ROOT)));
  }

  @Test
  void machineTypesOfModelsExist() {
    Set<String> types =
        chart.ofKind("InstanceType").map(RenderedChart::name).collect(Collectors.toSet());
    assertThat(chart.ofKind("MistralModel"))
        .allSatisfy(
            model -> {
              assertThat(
                      Stream.of("recommendedInstanceTypes", "minimumInstanceTypes")
                          .map(model.get("spec")::path)
                          .flatMap(RenderedChart::each))
                  .isNotEmpty()
                  .extracting(JsonNode::asText)
                  .isSubsetOf(types);
              var pool = model.at("/spec/deployment/serverless/instanceType");
              assertThat(pool.isMissingNode() || types.contains(pool.asText())).isTrue();
            });
  }

  @Test
  void sizesOfTheWeightsOfEverySourceAreKnown() {
    assertThat(chart.ofKind("MistralModel"))
        .allSatisfy(
            model ->
                assertThat(RenderedChart.each(model.path("spec").path("sources")))
                    .extracting(source -> source.get("precision").asText())
                    .isSubsetOf(
                        RenderedChart.each(model.at("/spec/footprint/weights"))
                            .map(size -> size.get("precision").asText())
                            .toList()));
  }

  @Test
  @DisplayName("A1.1, A1.2, A1.15 labels say what the spec says, the preview mark included")
  void labelsSayWhatTheSpecSays() {
    assertThat(chart.ofKind("MistralModel"))
        .hasSizeGreaterThan(50)
        .allSatisfy(
            model -> {
              Map<String, String> expected = new TreeMap<>();
              expected.put("mistraloperator.io/label", text(model, "/spec/label"));
              expected.put("mistraloperator.io/task", text(model, "/spec/task"));
              expected.put("mistraloperator.io/provider", text(model, "/spec/provider"));
              if (model.get("spec").has("lifecycle")) {
                expected.put("mistraloperator.io/lifecycle", text(model, "/spec/lifecycle"));
              }
              model
                  .at("/spec/capabilities")
                  .properties()
                  .forEach(
                      capability -> {
                        if (capability.getValue().asBoolean()) {
                          expected.put(
                              "capability.mistraloperator.io/" + capability.getKey(), "true");
                        }
                      });
              Map<String, String> labels = new TreeMap<>();
              model
                  .at("/metadata/labels")
                  .properties()
                  .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
              labels.keySet().removeIf(key -> !key.contains("mistraloperator.io/"));
              assertThat(labels).isEqualTo(expected);
            });
    var changed =
        RenderedChart.with(
                "catalog: {models: {overrides: {mistral-nemo: {preview: true, provider: 'Someone else', capabilities: {vision: true}}}}}")
            .object("MistralModel", "mistral-nemo")
            .at("/metadata/labels");
    assertThat(changed.get("capability.mistraloperator.io/vision").asText()).isEqualTo("true");
    assertThat(changed.get("mistraloperator.io/preview").asText()).isEqualTo("true");
    assertThat(changed.has("mistraloperator.io/provider"))
        .as("a provider that no label can hold")
        .isFalse();
  }

  @Test
  void azuresSizesAreThere() {
    var names = chart.ofKind("InstanceType").map(RenderedChart::name).toList();
    assertThat(names)
        .contains(
            "standard-nc24ads-a100-v4",
            "standard-nc48ads-a100-v4",
            "standard-nc96ads-a100-v4",
            "standard-nd96asr-v4",
            "standard-nd96amsr-a100-v4",
            "standard-nc12s-v3",
            "standard-nc24s-v3",
            "standard-nd40rs-v2",
            "standard-nc80adis-h100-v5",
            "standard-nd96isr-h200-v5",
            "a100-80gb-1x",
            "h200-141gb-8x",
            "b200-180gb-8x",
            "h100-80gb-1x",
            "l4-1x",
            "l40s-1x",
            "cpu-2")
        .doesNotHaveDuplicates();
    var size = chart.object("InstanceType", "standard-nc96ads-a100-v4");
    assertThat(size.at("/spec/nodeSelector/node.kubernetes.io~1instance-type").asText())
        .isEqualTo("Standard_NC96ads_A100_v4");
    assertThat(size.at("/spec/cores").asInt()).isEqualTo(96);
    assertThat(size.at("/spec/gpu/count").asInt()).isEqualTo(4);
  }

  @Test
  void entriesAreLeftOutChangedAndAdded() {
    var changed =
        RenderedChart.with(
            """
            catalog:
              models:
                exclude: [mistral-large]
                overrides:
                  mistral-nemo: {contextLength: 4096, deployment: {serverless: {instances: 3}}}
              instanceTypes: {enabled: false}
              extraInstanceTypes:
                - {name: mine, spec: {family: mine, cores: 3, memory: 9Gi}}
              extraModels:
                - name: my-model
                  spec: {id: My-Model}
            """);
    assertThat(changed.ofKind("InstanceType")).extracting(RenderedChart::name).containsOnly("mine");
    assertThat(changed.ofKind("MistralModel"))
        .extracting(RenderedChart::name)
        .hasSameSizeAs(RenderedChart.with("{}").ofKind("MistralModel").toList())
        .contains("my-model")
        .doesNotContain("mistral-large");
    var nemo = changed.object("MistralModel", "mistral-nemo").get("spec");
    assertThat(nemo.get("contextLength").asInt()).isEqualTo(4096);
    assertThat(nemo.at("/deployment/serverless/instances").asInt()).isEqualTo(3);
    assertThat(nemo.at("/deployment/serverless/instanceType").asText()).isEqualTo("cpu-16");
    assertThat(nemo.at("/deployment/managed").asBoolean()).isTrue();
  }

  @Test
  void everythingCanBeLeftOut() {
    var empty =
        RenderedChart.with("catalog: {models: {enabled: false}, instanceTypes: {enabled: false}}");
    assertThat(List.of("MistralModel", "InstanceType"))
        .allSatisfy(kind -> assertThat(empty.ofKind(kind)).isEmpty());
  }

  private static Stream<String> names(JsonNode model) {
    return Stream.concat(
        Stream.of(text(model, "/spec/id")),
        RenderedChart.each(model.at("/spec/aliases")).map(JsonNode::asText));
  }

  private static String normalised(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[./_-]", "");
  }

  private static String text(JsonNode node, String pointer) {
    return node.at(pointer).asText();
  }
}
