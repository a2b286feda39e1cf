package io.mistraloperator.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralModel;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import io.mistraloperator.api.testing.Kinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Installs on an API server that has never seen this project; no pod runs there. */
@ExtendWith(ApiServerExtension.class)
class InstallationTest {
  // No pod runs, so a hook would never end; the tests on a real cluster have it.
  private static final String VALUES =
      "{catalog: {tiny: {enabled: true}}, definitions: {upgrade: false}}";

  private ApiServer server;

  @BeforeEach
  void startServer() {
    server = ApiServer.withoutDefinitions();
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  @DisplayName("T-H1 the first install succeeds; uninstalling keeps definitions and users' objects")
  void installUpgradeUninstall() {
    install();
    int models = catalogueNames().size();
    assertThat(models).isGreaterThan(50);
    assertThat(server.kubectl().output("get", "crd", "-o", "name").lines())
        .containsAll(
            Kinds.ALL.stream()
                .map(
                    kind ->
                        "customresourcedefinition.apiextensions.k8s.io/"
                            + HasMetadata.getFullResourceName(kind))
                .toList());
    applyQuickstart();

    upgrade(
        """
        gateway: {replicas: 3}
        catalog: {models: {exclude: [mistral-large]}}
        definitions: {upgrade: false}
        """);
    assertThat(catalogueNames())
        .as("without the one that is left out and the two tiny ones")
        .hasSize(models - 3)
        .doesNotContain("mistral-large");
    assertThat(
            server
                .client()
                .apps()
                .deployments()
                .inNamespace(RenderedChart.NAMESPACE)
                .withName("mistral-gateway")
                .get()
                .getSpec()
                .getReplicas())
        .isEqualTo(3);

    uninstall();
    assertThat(catalogueNames()).isEmpty();
    assertThat(server.client().resources(MistralDeployment.class).inNamespace("default").list())
        .satisfies(
            kept ->
                assertThat(kept.getItems())
                    .singleElement()
                    .satisfies(
                        deployment ->
                            assertThat(deployment.getMetadata().getFinalizers()).isEmpty()));

    install();
    assertThat(catalogueNames()).hasSize(models);
  }

  @Test
  @DisplayName(
      "A1.1, A1.2, A1.11 kubectl chooses among the models by their labels and shows the card")
  void kubectlChoosesByLabels() {
    install();
    assertThat(chosen("mistraloperator.io/provider=MistralAI"))
        .hasSizeGreaterThan(50)
        .doesNotContain("tiny-mistral");
    assertThat(chosen("mistraloperator.io/label=Premium"))
        .contains("mistral-large", "mistral-large-2407", "mistral-small", "ministral-3b")
        .doesNotContain("mistral-nemo");
    assertThat(chosen("mistraloperator.io/label=Open,mistraloperator.io/task=TextGeneration"))
        .contains("mistralai-mistral-7b-v01", "mistralai-mixtral-8x7b-v01")
        .doesNotContain("mistralai-mistral-7b-instruct-v01");
    assertThat(
            chosen(
                "capability.mistraloperator.io/vision=true,capability.mistraloperator.io/reasoning=true"))
        .contains("magistral-small-2509")
        .doesNotContain("pixtral-12b-2409", "magistral-small-2507");
    assertThat(chosen("mistraloperator.io/lifecycle!=Retired"))
        .contains("mistral-nemo")
        .doesNotContain("mistralai-mistral-7b-v01");
    assertThat(
            server.kubectl().output("get", "mmodel", "ministral-8b", "-o", "wide").lines().toList())
        .last()
        .asString()
        .contains("Ministral-8B", "Open", "ChatCompletions", "Research", "false", "MRL-0.1");
  }

  private List<String> chosen(String labels) {
    return server
        .kubectl()
        .output("get", "mmodel", "-l", labels, "-o", "name")
        .lines()
        .map(name -> name.substring(name.indexOf('/') + 1))
        .toList();
  }

  @Test
  @DisplayName("T-H3 the server changes nothing of what the chart says")
  void rendersWhatTheServerStores(@TempDir Path folder) throws IOException {
    install();
    var manifest =
        Files.writeString(folder.resolve("chart.yaml"), RenderedChart.with(VALUES).text());
    assertUnchanged(manifest);
    server.kubectl().output("apply", "-f", manifest.toString());
    assertUnchanged(manifest);
  }

  private void assertUnchanged(Path manifest) {
    var difference = server.kubectl().run("diff", "-f", manifest.toString());
    assertThat(difference.status()).as(difference.output()).isZero();
  }

  private void install() {
    new Helm(RenderedChart.CHART)
        .install()
        .withName(RenderedChart.RELEASE)
        .withNamespace(RenderedChart.NAMESPACE)
        .createNamespace()
        .withKubeConfig(server.kubeconfig())
        .withValuesFile(RenderedChart.valuesFile(VALUES))
        .call();
  }

  private void upgrade(String values) {
    new Helm(RenderedChart.CHART)
        .upgrade()
        .withName(RenderedChart.RELEASE)
        .withNamespace(RenderedChart.NAMESPACE)
        .withKubeConfig(server.kubeconfig())
        .withValuesFile(RenderedChart.valuesFile(values))
        .call();
  }

  private void uninstall() {
    Helm.uninstall(RenderedChart.RELEASE)
        .withNamespace(RenderedChart.NAMESPACE)
        .withKubeConfig(server.kubeconfig())
        .call();
  }

  private void applyQuickstart() {
    server
        .kubectl()
        .output("apply", "-f", RenderedChart.ROOT.resolve("examples/quickstart.yaml").toString());
  }

  private List<String> catalogueNames() {
    return server.client().resources(MistralModel.class).list().getItems().stream()
        .map(model -> model.getMetadata().getName())
        .toList();
  }
}
