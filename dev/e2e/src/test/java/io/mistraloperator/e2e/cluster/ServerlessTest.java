package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.ServerlessEndpointStatus.EndpointState;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Endpoints for models that the platform hosts. */
@RealCluster
class ServerlessTest {
  private final Cluster cluster;

  ServerlessTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  @DisplayName(
      "A2.8-A2.10 one endpoint per model and project; the next takes over; the pool goes with the last")
  void sharesAPool() {
    cluster.kubectl().apply(Manifests.model("e2e-pool", "E2E-Pool.v0.1", 4096, 2048, "tiny-cpu"));
    try (Project first = cluster.project("tenant");
        Project second = cluster.project("tenant")) {
      first.apply(Manifests.serverless("ask-a", "E2E-Pool.v0.1"));
      first.awaitReady("serverlessendpoint/ask-a");
      first.apply(Manifests.serverless("ask-b", "e2e-pool-v0-1"));
      awaitRefusal(first, "ask-b", "ask-a");

      second.apply(Manifests.serverless("ask-c", "E2E-Pool.v0.1"));
      second.awaitReady("serverlessendpoint/ask-c");
      assertThat(pools()).as("one pool for both projects").hasSize(1);
      assertThat(second.serverlessApplication("ask-c").chat("Hi").text())
          .isEqualTo(Application.GREETING);
      assertThat(
              first
                  .serverlessApplication("ask-a")
                  .withKey(second.keyEntry("ask-c", "primaryKey"))
                  .chat("Hi")
                  .status())
          .as("another project's key")
          .isEqualTo(401);

      first.kubectl("delete", "serverlessendpoint", "ask-a").orFail();
      first.awaitReady("serverlessendpoint/ask-b");
      assertThat(first.serverlessApplication("ask-b").chat("Hi").text())
          .isEqualTo(Application.GREETING);

      first.kubectl("delete", "serverlessendpoint", "ask-b").orFail();
      assertThat(pools()).as("the pool of the endpoint that is left").hasSize(1);
      second.kubectl("delete", "serverlessendpoint", "ask-c").orFail();
      await("the pool to go").atMost(Project.TRUTH).until(() -> pools().isEmpty());
    }
  }

  @Test
  @DisplayName("A1.7-A1.10 a model without serverless offer is refused with the reason")
  void refusesAModelWithoutOffer() {
    try (Project project = cluster.project("offer")) {
      project.apply(Manifests.serverless("base", "Tiny-Mistral-Base"));
      awaitRefusal(project, "base", "managed compute only");
      assertThat(project.serverless("base").getStatus().endpointState())
          .isEqualTo(EndpointState.CreationFailed);
      project.apply(Manifests.serverless("unknown", "No-Such-Model"));
      awaitRefusal(project, "unknown", "No-Such-Model");
    }
  }

  @Test
  @DisplayName("A6.2 an endpoint name is taken once in the region, regardless of case")
  void refusesATakenName() {
    try (Project first = cluster.project("names");
        Project second = cluster.project("names")) {
      first.deployReady("one", "endpointName: Contoso-Chat");
      second.deploy("two", "endpointName: contoso-chat");
      second.awaitCause("two", "Ready=False", "contoso-chat");
      Application application = first.application("one");
      assertThat(application.chat("Hi").status()).isEqualTo(200);
      first.kubectl("delete", "mistraldeployment", "one").orFail();
      second.awaitReady("mistraldeployment/two");
      assertThat(second.application("two").chat("Hi").text()).isEqualTo(Application.GREETING);
    }
  }

  private void awaitRefusal(Project project, String endpoint, String word) {
    await(endpoint + " to be refused")
        .atMost(Project.TRUTH)
        .untilAsserted(
            () ->
                assertThat(project.serverlessConditions(endpoint))
                    .anySatisfy(
                        condition ->
                            assertThat(Project.said(condition)).contains("Ready=False", word)));
  }

  private List<MistralDeployment> pools() {
    return cluster
        .client()
        .resources(MistralDeployment.class)
        .inNamespace(Cluster.PLATFORM)
        .list()
        .getItems()
        .stream()
        .filter(pool -> pool.getSpec().model().equals("E2E-Pool.v0.1"))
        .filter(pool -> pool.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }
}
