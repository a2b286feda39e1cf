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
    assertThat(catalogueNames()).hasSize(13);
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
    assertThat(catalogueNames()).hasSize(10).doesNotContain("mistral-large");
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
    assertThat(catalogueNames()).hasSize(13);
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
