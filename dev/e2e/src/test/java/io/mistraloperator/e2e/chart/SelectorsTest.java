package io.mistraloperator.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Selectors stay the same over upgrades and select what they mean. */
class SelectorsTest {
  private final RenderedChart chart = RenderedChart.with("{}");

  @Test
  void selectorsHoldNameAndInstanceAlone() {
    assertThat(selectors().toList())
        .hasSize(8)
        .allSatisfy(
            selector ->
                assertThat(selector.fieldNames())
                    .toIterable()
                    .containsExactly("app.kubernetes.io/name", "app.kubernetes.io/instance"));
  }

  @Test
  void everySelectorSelectsOnePodTemplate() {
    selectors()
        .forEach(
            selector ->
                assertThat(
                        chart
                            .ofKind("Deployment")
                            .map(deployment -> deployment.at("/spec/template/metadata/labels"))
                            .filter(labels -> selects(selector, labels)))
                    .as("pods of %s", selector)
                    .hasSize(1));
  }

  @ParameterizedTest
  @CsvSource({"MISTRAL_GATEWAY_LABELS, mistral-gateway", "MISTRAL_SELF_LABELS, mistral-operator"})
  @DisplayName("Network policies of engines let in the pods of gateway and operator")
  void theOperatorKnowsWhoMayReachEngines(String setting, String deployment) {
    var told =
        RenderedChart.each(
                chart
                    .object("Deployment", "mistral-operator")
                    .at("/spec/template/spec/containers/0/env"))
            .filter(variable -> variable.get("name").asText().equals(setting))
            .map(variable -> variable.get("value").asText())
            .findFirst()
            .orElseThrow();
    var labels = chart.object("Deployment", deployment).at("/spec/template/metadata/labels");
    assertThat(told.split(","))
        .allSatisfy(
            pair ->
                assertThat(labels.get(pair.split("=")[0]).asText()).isEqualTo(pair.split("=")[1]));
  }

  @Test
  @DisplayName("the operator reaches the port where gateways tell of their load")
  void theOperatorReachesTheGateways() {
    var labels =
        chart.object("Deployment", "mistral-operator").at("/spec/template/metadata/labels");
    assertThat(
            RenderedChart.each(chart.object("NetworkPolicy", "mistral-gateway").at("/spec/ingress"))
                .filter(rule -> rule.at("/ports/0/port").asText().equals("management"))
                .flatMap(rule -> RenderedChart.each(rule.at("/from")))
                .map(peer -> peer.at("/podSelector/matchLabels")))
        .anyMatch(selector -> !selector.isMissingNode() && selects(selector, labels));
  }

  @Test
  void namesFollowTheRelease() {
    assertThat(RenderedChart.with("fullnameOverride: ml").ofKind("Deployment"))
        .extracting(RenderedChart::name)
        .containsExactlyInAnyOrder("ml-operator", "ml-gateway");
  }

  private Stream<JsonNode> selectors() {
    return chart.objects().stream()
        .flatMap(
            object ->
                switch (object.get("kind").asText()) {
                  case "Deployment", "PodDisruptionBudget" ->
                      Stream.of(object.at("/spec/selector/matchLabels"));
                  case "Service" -> Stream.of(object.at("/spec/selector"));
                  case "NetworkPolicy" -> Stream.of(object.at("/spec/podSelector/matchLabels"));
                  default -> Stream.of();
                });
  }

  private static boolean selects(JsonNode selector, JsonNode labels) {
    return selector.properties().stream()
        .allMatch(entry -> entry.getValue().equals(labels.get(entry.getKey())));
  }
}
