package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The very last test: it removes the platform. */
@RealCluster
@Order(Integer.MAX_VALUE)
class UninstallTest {
  private final Cluster cluster;

  UninstallTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  @DisplayName("T-H1 helm uninstall leaves definitions and users' objects, and nothing hangs")
  void leavesWhatUsersWrote() {
    Project project = cluster.project("stay");
    project.deployReady("stays");
    project.apply(Manifests.serverless("stays-serverless", Manifests.MODEL));
    project.awaitReady("serverlessendpoint/stays-serverless");

    cluster.chart().uninstall();
    await("operator and gateway to go")
        .atMost(Project.START)
        .until(
            () ->
                cluster.platformPods("operator").isEmpty()
                    && cluster.platformPods("gateway").isEmpty());

    assertThat(cluster.kubectl().run("get", "crd", "-o", "name").orFail())
        .contains(
            "mistraldeployments.mistraloperator.io",
            "serverlessendpoints.mistraloperator.io",
            "inferencequotas.mistraloperator.io",
            "mistralmodels.mistraloperator.io",
            "instancetypes.mistraloperator.io",
            "inferenceroutes.mistraloperator.io");
    assertThat(project.deployment("stays")).isNotNull();
    assertThat(project.serverless("stays-serverless")).isNotNull();
    assertThat(project.engines("stays")).as("the model goes on running").hasSize(1);

    project.close();
    await("the namespace to go without an operator")
        .atMost(Project.START)
        .until(() -> Objects.isNull(cluster.client().namespaces().withName(project.name()).get()));
  }
}
