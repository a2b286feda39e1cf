package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** What a stranger types first. */
@RealCluster
@Order(2)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class QuickstartTest {
  private static final String MANAGED = "assistant";
  private static final String SERVERLESS = "assistant-serverless";

  private final Cluster cluster;
  private Project project;
  private String manifest;

  QuickstartTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void applyOnce() throws IOException {
    manifest = Files.readString(Chart.ROOT.resolve("examples/quickstart.yaml"));
    project = cluster.project("quickstart");
    project.apply(manifest);
  }

  @AfterAll
  void leave() {
    project.close();
  }

  @Test
  @Order(1)
  @DisplayName("kubectl wait --for=condition=Ready works on both kinds")
  void becomesReady() {
    List<HasMetadata> objects =
        cluster
            .client()
            .load(new ByteArrayInputStream(manifest.getBytes(StandardCharsets.UTF_8)))
            .items();
    assertThat(objects)
        .extracting(HasMetadata::getKind)
        .contains("MistralDeployment", "ServerlessEndpoint");
    for (HasMetadata object : objects) {
      project.awaitReady(
          object.getKind().toLowerCase(Locale.ROOT) + "/" + object.getMetadata().getName());
    }
  }

  @Test
  @Order(2)
  @DisplayName("T-A2 applying the same file again changes nothing")
  void isUnchangedTheSecondTime() {
    assertThat(project.apply(manifest).lines())
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).endsWith(" unchanged"));
  }

  @Test
  @Order(2)
  @DisplayName("T-A2 defaults are visible in the object")
  void showsDefaults() {
    var spec = project.deployment(MANAGED).getSpec();
    assertThat(spec.instances()).isEqualTo(1);
    assertThat(spec.keys().primary()).isEqualTo(1);
    assertThat(spec.expose()).isTrue();
  }

  @Test
  @Order(3)
  @DisplayName("A9 managed compute answers plain over verified TLS")
  void answersPlain() {
    Application.Answer answer = project.application(MANAGED).chat("Hi");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo(Application.GREETING);
    assertThat(answer.usage()).isEqualTo("5 + 11 = 16");
    assertThat(answer.body().at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(answer.body().path("model").asText()).isEqualTo(Manifests.MODEL);
  }

  @Test
  @Order(3)
  @DisplayName("A10 managed compute answers streamed over verified TLS")
  void answersStreamed() {
    streams(project.application(MANAGED));
  }

  @Test
  @Order(3)
  @DisplayName("A9 a serverless endpoint answers plain, without a pod in the project")
  void answersServerless() {
    Application.Answer answer = project.serverlessApplication(SERVERLESS).chat("Hi");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo(Application.GREETING);
    assertThat(answer.usage()).isEqualTo("5 + 11 = 16");
    assertThat(project.engines(SERVERLESS)).isEmpty();
  }

  @Test
  @Order(3)
  @DisplayName("A10 a serverless endpoint answers streamed")
  void streamsServerless() {
    streams(project.serverlessApplication(SERVERLESS));
  }

  @Test
  @Order(3)
  @DisplayName("A8 /info names model, type and provider")
  void informs() {
    var info = project.application(MANAGED).info();
    assertThat(info.status()).isEqualTo(200);
    assertThat(info.body().fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("model_name", "model_type", "model_provider_name");
    assertThat(info.body().path("model_name").asText()).isEqualTo(Manifests.MODEL);
    assertThat(info.body().path("model_type").asText()).isEqualTo("chat-completions");
  }

  @Test
  @Order(3)
  @DisplayName("kubectl get shows readiness, state, model and endpoint")
  void printsColumns() {
    String managed = project.kubectl("get", "mistraldeployments").orFail();
    assertThat(managed.lines().findFirst().orElseThrow().split("\\s+"))
        .containsExactly(
            "NAME", "READY", "STATE", "REASON", "MODEL", "INSTANCES", "TRAFFIC", "AGE");
    assertThat(managed).contains("True", "Succeeded", "1/1");
    assertThat(project.kubectl("get", "serverlessendpoints").orFail()).contains("True", "Online");
  }

  private static void streams(Application application) {
    try (ChatStream stream = application.stream("Hi").toEnd()) {
      assertThat(stream.status()).isEqualTo(200);
      assertThat(stream.text()).isEqualTo(Application.GREETING);
      assertThat(stream.usage()).isEqualTo("5 + 11 = 16");
      assertThat(stream.finishReason()).isEqualTo("stop");
      assertThat(stream.chunks()).hasSizeGreaterThan(2);
    }
  }
}
