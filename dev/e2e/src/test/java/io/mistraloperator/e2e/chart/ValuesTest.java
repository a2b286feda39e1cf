package io.mistraloperator.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lint, and what the schema of the values lets pass. */
class ValuesTest {
  @Test
  void strictLintHasNoComplaint() {
    var result = new Helm(RenderedChart.CHART).lint().strict().call();
    assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    assertThat(result.getMessages())
        .noneMatch(message -> message.contains("[WARNING]") || message.contains("[ERROR]"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{gatway: {replicas: 1}}                      | gatway",
        "{gateway: {replica: 1}}                      | replica",
        "{gateway: {replicas: 0}}                     | /gateway/replicas",
        "{gateway: {replicas: two}}                   | /gateway/replicas",
        "{gateway: {publicPort: 70000}}               | /gateway/publicPort",
        "{gateway: {terminationGracePeriodSeconds: 5}} | /gateway/terminationGracePeriodSeconds",
        "{gateway: {auth: {issuers: ['http://id']}}}  | /gateway/auth/issuers",
        "{gateway: {auth: {kubernetes: maybe}}}       | /gateway/auth/kubernetes",
        "{gateway: {tracing: {endpoint: 'collector:4318'}}} | /gateway/tracing/endpoint",
        "{gateway: {tracing: {ratio: 10}}}            | /gateway/tracing/ratio",
        "{gateway: {requestSettings: {timeoutSeconds: 0}}} |"
            + " /gateway/requestSettings/timeoutSeconds",
        "{gateway: {service: {type: Public}}}         | /gateway/service/type",
        "{gateway: {tls: {secretName: A_B}}}          | /gateway/tls/secretName",
        "{operator: {replicas: 1.5}}                  | /operator/replicas",
        "{region: West Europe}                        | /region",
        "{domain: https://example.com}                | /domain",
        "{images: {pullPolicy: Sometimes}}            | /images/pullPolicy",
        "{images: {operator: {tag: a b}}}             | /images/operator/tag",
        "{images: {operator: {repository: 'a:1'}}}    | /images/operator/repository",
        "{images: {operator: {digest: 'sha256:12'}}}  | /images/operator/digest",
        "{images: {unknown: {tag: a}}}                | unknown",
        "{networkPolicies: {enabled: maybe}}          | /networkPolicies/enabled",
        "{quota: {defaults: {cpu: -1}}}               | /quota/defaults/cpu",
        "{quota: {defaults: {gpus: 1}}}               | gpus",
        "{quota: {defaults: {families: {a: many}}}}   | /quota/defaults/families/a",
        "{quota: {defaults: {families: {'a=b': 1}}}}  | a=b",
        "{catalog: {models: {exclude: nemo}}}         | /catalog/models/exclude",
        "{catalog: {extraModels: [{name: a}]}}        | /catalog/extraModels/0",
        "{catalog: {tiny: {enabled: 1}}}              | /catalog/tiny/enabled",
        "{fullnameOverride: 9lives}                   | /fullnameOverride"
      })
  void wrongValuesAreRefusedByName(String values, String name) {
    assertThatThrownBy(() -> RenderedChart.with(values))
        .hasMessageContaining("schema")
        .satisfiesAnyOf(
            e -> assertThat(e).hasMessageContaining(name),
            e -> assertThat(e).hasMessageContaining(name.substring(1).replace('/', '.')));
  }

  @Test
  void defaultsOfQuotaReachTheOperator() {
    assertThat(quotaOfOperator(RenderedChart.with("{}")))
        .containsExactly("MISTRAL_QUOTA_CPU=256", "MISTRAL_QUOTA_GPU=0");
    assertThat(
            quotaOfOperator(
                RenderedChart.with(
                    "quota: {defaults: {cpu: 1000000, gpu: 4, families: {l4: 12, a100: 0}}}")))
        .containsExactly(
            "MISTRAL_QUOTA_CPU=1000000",
            "MISTRAL_QUOTA_GPU=4",
            "MISTRAL_QUOTA_FAMILIES=a100=0,l4=12");
  }

  @Test
  void theGatewayIsToldOfACollectorThatIsNamed() {
    assertThat(environment(RenderedChart.with("{}"), "mistral-gateway", "OTEL_")).isEmpty();
    assertThat(
            environment(
                RenderedChart.with("gateway: {tracing: {endpoint: 'http://c:4318', ratio: 0.05}}"),
                "mistral-gateway",
                "OTEL_"))
        .containsExactly(
            "OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318",
            "OTEL_TRACES_SAMPLER=parentbased_traceidratio",
            "OTEL_TRACES_SAMPLER_ARG=0.05");
  }

  private static List<String> quotaOfOperator(RenderedChart chart) {
    return environment(chart, "mistral-operator", "MISTRAL_QUOTA_");
  }

  private static List<String> environment(RenderedChart chart, String deployment, String prefix) {
    return RenderedChart.each(
            chart.object("Deployment", deployment).at("/spec/template/spec/containers/0/env"))
        .filter(variable -> variable.get("name").asText().startsWith(prefix))
        .map(variable -> variable.get("name").asText() + "=" + variable.get("value").asText())
        .toList();
  }

  @Test
  void namesThatTheCatalogueDoesNotHaveAreRefused() {
    assertThatThrownBy(() -> RenderedChart.with("catalog: {models: {exclude: [mistral-nemmo]}}"))
        .hasMessageContaining("mistral-nemmo")
        .hasMessageContaining("mistral-nemo");
    assertThatThrownBy(
            () -> RenderedChart.with("catalog: {instanceTypes: {overrides: {cpu-9: {cores: 9}}}}"))
        .hasMessageContaining("cpu-9")
        .hasMessageContaining("cpu-8");
  }

  @Test
  void schemaAndValuesNameTheSame() throws IOException {
    var schema =
        new ObjectMapper().readTree(RenderedChart.CHART.resolve("values.schema.json").toFile());
    Set<String> inSchema = new TreeSet<>();
    collect(schema, schema, "", inSchema);
    // Helm sets it where the chart is a dependency.
    inSchema.remove("global");
    Set<String> inValues = new TreeSet<>();
    collectNames(RenderedChart.defaults(), inSchema, "", inValues);
    assertThat(inValues).isEqualTo(inSchema);
  }

  private static void collect(JsonNode root, JsonNode schema, String path, Set<String> names) {
    var resolved = schema.has("$ref") ? root.at(schema.get("$ref").asText().substring(1)) : schema;
    resolved
        .path("properties")
        .properties()
        .forEach(
            field -> {
              var name = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
              names.add(name);
              collect(root, field.getValue(), name, names);
            });
  }

  /** Names of values; below a name that the schema leaves open there is nothing to compare. */
  private static void collectNames(
      JsonNode values, Set<String> inSchema, String path, Set<String> names) {
    values
        .properties()
        .forEach(
            field -> {
              var name = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
              names.add(name);
              if (inSchema.stream().anyMatch(known -> known.startsWith(name + "."))) {
                collectNames(field.getValue(), inSchema, name, names);
              }
            });
  }
}
