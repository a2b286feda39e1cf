package io.mistraloperator.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Monitors, alerts and dashboard of the chart. */
class MonitoringTest {
  private static final String ALL =
      "monitoring: {labels: {release: prom}, serviceMonitors: {enabled: true}, rules: {enabled: true}, dashboard: {enabled: true}}";

  /** A meter's name in the code, and a metric's name in a query. */
  private static final Pattern METER = Pattern.compile("\"((?:mistral|gen_ai)\\.[a-z._]+)\"");

  private static final Pattern METRIC =
      Pattern.compile("\\b(?:mistral_[a-z_]+|gen_ai_(?:server|client)_[a-z_]+)");

  private static final Pattern SUFFIX =
      Pattern.compile("(_seconds)?(_total|_bucket|_sum|_count|_max)?");

  private static Stream<JsonNode> of(String kind) {
    return RenderedChart.with(ALL).objects().stream()
        .filter(object -> object.path("kind").asText().equals(kind));
  }

  private static JsonNode dashboard() throws IOException {
    JsonNode map =
        of("ConfigMap")
            .filter(object -> object.at("/metadata/name").asText().endsWith("-dashboard"))
            .findFirst()
            .orElseThrow();
    assertThat(map.at("/metadata/labels/grafana_dashboard").asText()).isEqualTo("1");
    return new ObjectMapper().readTree(map.at("/data/mistral.json").asText());
  }

  private static Stream<String> queries() throws IOException {
    Stream<String> panels =
        StreamSupport.stream(dashboard().path("panels").spliterator(), false)
            .flatMap(panel -> panel.findValuesAsText("expr").stream());
    Stream<String> alerts =
        of("PrometheusRule").flatMap(rule -> rule.findValuesAsText("expr").stream());
    return Stream.concat(panels, alerts);
  }

  private static Set<String> meters() throws IOException {
    Set<String> names = new TreeSet<>();
    for (String module : new String[] {"operator", "gateway"}) {
      try (var files = Files.walk(RenderedChart.ROOT.resolve(module).resolve("src/main/java"))) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .map(MonitoringTest::text)
            .flatMap(text -> METER.matcher(text).results())
            .map(match -> match.group(1).replace('.', '_'))
            .forEach(names::add);
      }
    }
    return names;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @DisplayName("Every metric of a panel or an alert is one that operator or gateway has")
  void namesMetricsThatThereAre() throws IOException {
    Set<String> meters = meters();
    Set<String> asked =
        queries()
            .flatMap(query -> METRIC.matcher(query).results())
            .map(MatchResult::group)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(asked)
        .hasSizeGreaterThan(12)
        .allSatisfy(metric -> assertThat(meters).anyMatch(meter -> isOf(metric, meter)));
  }

  @Test
  @DisplayName("docs/metrics.md knows every metric, docs/traces.md every attribute, and no other")
  void pageAndCodeHaveTheSameMetrics() throws IOException {
    Set<String> meters = meters();
    Set<String> attributes = attributes();
    assertThat(meters).as("attributes of docs/traces.md are set somewhere").containsAll(attributes);
    meters.removeAll(attributes);
    // A label alone.
    meters.remove("gen_ai_token_type");
    Set<String> rows =
        Pattern.compile("(?m)^\\| `(\\w+)` \\|")
            .matcher(Files.readString(RenderedChart.ROOT.resolve("docs/metrics.md")))
            .results()
            .map(row -> row.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(rows)
        .allSatisfy(row -> assertThat(meters).anyMatch(meter -> isOf(row, meter)))
        .hasSameSizeAs(meters);
    assertThat(meters).allSatisfy(meter -> assertThat(rows).anyMatch(row -> isOf(row, meter)));
  }

  /** What spans say of themselves; some of it is a label of metrics too. */
  private static Set<String> attributes() throws IOException {
    return Pattern.compile("`((?:gen_ai|mistral)\\.[a-z_.]+)`")
        .matcher(Files.readString(RenderedChart.ROOT.resolve("docs/traces.md")))
        .results()
        .map(name -> name.group(1).replace('.', '_'))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean isOf(String metric, String meter) {
    return metric.startsWith(meter) && SUFFIX.matcher(metric.substring(meter.length())).matches();
  }

  @Test
  void nothingIsThereUnlessAskedFor() {
    assertThat(RenderedChart.with("{}").text())
        .doesNotContain("monitoring.coreos.com", "grafana_dashboard");
  }

  @Test
  void monitorsFindTheServicesOfMetrics() {
    assertThat(of("ServiceMonitor"))
        .hasSize(2)
        .allSatisfy(
            monitor -> {
              assertThat(monitor.at("/metadata/labels/release").asText()).isEqualTo("prom");
              JsonNode wanted = monitor.at("/spec/selector/matchLabels");
              assertThat(of("Service"))
                  .filteredOn(
                      service ->
                          wanted.properties().stream()
                              .allMatch(
                                  label ->
                                      label
                                          .getValue()
                                          .equals(
                                              service.at("/metadata/labels").path(label.getKey()))))
                  .anySatisfy(
                      service ->
                          assertThat(service.at("/spec/ports").findValuesAsText("name"))
                              .contains("metrics"));
            });
  }

  private static Stream<JsonNode> alerts() {
    return of("PrometheusRule").flatMap(rule -> rule.findParents("alert").stream());
  }

  @Test
  @DisplayName("docs/troubleshooting.md knows every alert, and no other")
  void everyAlertIsOnThePage() throws IOException {
    String page = Files.readString(RenderedChart.ROOT.resolve("docs/troubleshooting.md"));
    String section = page.substring(page.indexOf("\n## Alerts\n"));
    assertThat(
            Pattern.compile("(?m)^\\| `(\\w+)` \\| [^|]{20,} \\| [^|]{20,} \\|$")
                .matcher(section)
                .results()
                .map(row -> row.group(1)))
        .containsExactlyElementsOf(alerts().map(alert -> alert.get("alert").asText()).toList());
  }

  @Test
  @DisplayName("Silence of the gateways, silence of the operator and routes nobody serves are told")
  void tellsWhatIsMissing() {
    assertThat(alerts().map(alert -> alert.get("expr").asText()))
        .anyMatch(expr -> expr.matches("absent\\(mistral_gateway_\\w+\\)"))
        // There before any deployment is.
        .anyMatch(expr -> expr.matches("absent\\(reconciliations_active\\{.*}\\)"))
        .anyMatch(expr -> expr.matches(".*\\(mistral_gateway_routes_unreadable\\) > 0"));
  }

  @Test
  void everyAlertSaysWhatItIsAndWhatToDo() {
    assertThat(alerts())
        .hasSizeGreaterThan(4)
        .allSatisfy(
            alert -> {
              assertThat(alert.at("/annotations/summary").asText()).isNotBlank();
              assertThat(alert.at("/annotations/description").asText()).isNotBlank();
              assertThat(alert.at("/labels/severity").asText()).isIn("info", "warning");
            });
  }
}
