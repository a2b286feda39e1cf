package io.mistraloperator.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every image can be named anew. */
class ImagesTest {
  private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

  @Test
  void imagesHaveTheVersionOfTheChart() {
    assertThat(images("{catalog: {tiny: {enabled: true}}}"))
        .hasSize(7)
        .allSatisfy(image -> assertThat(image).matches("mistraloperator/[a-z-]+:0\\.1\\.0"));
  }

  @Test
  @DisplayName("T-H4 one registry prefix moves every image")
  void registryMovesEveryImage() {
    assertThat(
            images(
                "{images: {registry: registry.example.com:5000/mirror/}, catalog: {tiny: {enabled: true}}}"))
        .hasSize(7)
        .allSatisfy(
            image ->
                assertThat(image).startsWith("registry.example.com:5000/mirror/mistraloperator/"));
  }

  @ParameterizedTest
  @MethodSource("names")
  @DisplayName("T-H4 each image has a repository, tag and digest of its own")
  void eachImageIsNamedAlone(String name) {
    var values = "{images: {%s: {%s}}, catalog: {tiny: {enabled: true}}}";
    assertThat(images(values.formatted(name, "repository: other/image, tag: '7'")))
        .hasSize(7)
        .filteredOn(image -> !image.startsWith("mistraloperator/"))
        .containsExactly("other/image:7");
    assertThat(images(values.formatted(name, "digest: '" + DIGEST + "', tag: '7'")))
        .filteredOn(image -> image.contains("@"))
        .singleElement()
        .asString()
        .matches("mistraloperator/[a-z-]+@" + DIGEST);
  }

  @Test
  void pullSecretsAndPolicyReachPodsAndOperator() {
    var chart = RenderedChart.with("images: {pullPolicy: Always, pullSecrets: [one, two]}");
    chart
        .ofKind("Deployment")
        .map(deployment -> deployment.at("/spec/template/spec"))
        .forEach(
            pod -> {
              assertThat(RenderedChart.each(pod.get("imagePullSecrets")))
                  .extracting(secret -> secret.get("name").asText())
                  .containsExactly("one", "two");
              assertThat(RenderedChart.each(pod.get("containers")))
                  .allSatisfy(
                      container ->
                          assertThat(container.get("imagePullPolicy").asText())
                              .isEqualTo("Always"));
            });
    assertThat(environment(chart, "MISTRAL_IMAGE_PULL_SECRETS")).isEqualTo("one,two");
    assertThat(environment(chart, "MISTRAL_IMAGE_PULL_POLICY")).isEqualTo("Always");
  }

  private static List<String> names() {
    return RenderedChart.defaults().get("images").properties().stream()
        .filter(entry -> entry.getValue().has("repository"))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Every image that pods of the chart, of engines or of the catalogue would use. */
  private static Set<String> images(String values) {
    var chart = RenderedChart.with(values);
    var pods =
        chart
            .ofKind("Deployment")
            .map(deployment -> deployment.at("/spec/template/spec"))
            .flatMap(
                pod ->
                    Stream.of("containers", "initContainers")
                        .flatMap(list -> RenderedChart.each(pod.path(list))))
            .map(container -> container.get("image").asText());
    var engines =
        RenderedChart.each(operator(chart).get("env"))
            .filter(variable -> variable.get("name").asText().startsWith("MISTRAL_IMAGES_"))
            .map(variable -> variable.get("value").asText());
    var sources =
        chart
            .ofKind("MistralModel")
            .flatMap(model -> RenderedChart.each(model.at("/spec/sources")))
            .map(source -> source.at("/from/image/reference"))
            .filter(JsonNode::isTextual)
            .map(JsonNode::asText);
    return Stream.of(pods, engines, sources)
        .flatMap(images -> images)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static JsonNode operator(RenderedChart chart) {
    return chart.object("Deployment", "mistral-operator").at("/spec/template/spec/containers/0");
  }

  private static String environment(RenderedChart chart, String name) {
    return RenderedChart.each(operator(chart).get("env"))
        .filter(variable -> variable.get("name").asText().equals(name))
        .map(variable -> variable.get("value").asText())
        .findFirst()
        .orElseThrow();
  }
}
