package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Another version of the platform under living endpoints. */
@RealCluster
class UpgradeTest {
  private static final String NEXT = "0.1.1-e2e";

  private final Cluster cluster;

  UpgradeTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @AfterEach
  void goBack() {
    cluster.chart().upgrade(Map.of());
  }

  @Test
  @DisplayName(
      "T-U5 an upgrade of operator and gateway, and back, restarts no engine, fails no call and breaks"
          + " no stream")
  void leavesEnginesAlone() {
    for (String component : List.of("operator", "gateway")) {
      cluster
          .node()
          .tag(
              "mistraloperator/" + component + ":" + Images.TAG,
              "mistraloperator/" + component + ":" + NEXT);
    }
    try (Project project = cluster.project("upgrade")) {
      project.deployReady("steady");
      project.apply(Manifests.serverless("steady-serverless", Manifests.MODEL));
      project.awaitReady("serverlessendpoint/steady-serverless");
      List<String> engines = allEngines();
      try (var loop = new RequestLoop(project.application("steady"));
          var streams = new StreamLoop(project.application("steady"))) {
        cluster.chart().upgrade(Map.of("images.operator.tag", NEXT, "images.gateway.tag", NEXT));
        runs(NEXT, loop);
        assertThat(allEngines()).as("after the upgrade").isEqualTo(engines);
        cluster.chart().upgrade(Map.of());
        runs(Images.TAG, loop);
        int ended = streams.ended();
        await("a stream that the old gateway may have begun")
            .atMost(Project.START)
            .until(() -> streams.ended() > ended);
        loop.assertUninterrupted();
        streams.assertUninterrupted();
      }
      assertThat(allEngines()).as("after the way back").isEqualTo(engines);
      assertThat(project.deploymentConditions("steady"))
          .anySatisfy(condition -> assertThat(Project.said(condition)).startsWith("Ready=True"));
      assertThat(project.application("steady").chat("Hi").text()).isEqualTo(Application.GREETING);
    }
  }

  private void runs(String version, RequestLoop loop) {
    await("only " + version + " to run")
        .atMost(Project.START)
        .until(
            () ->
                images("operator").equals(List.of(version))
                    && images("gateway").equals(List.of(version)));
    int answered = loop.answered();
    await("calls through its gateway").until(() -> loop.answered() > answered + 10);
  }

  private List<String> allEngines() {
    return cluster
        .client()
        .pods()
        .inAnyNamespace()
        .withLabel("app.kubernetes.io/component", "engine")
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .map(pod -> pod.getMetadata().getUid())
        .sorted()
        .toList();
  }

  private List<String> images(String component) {
    return cluster.platformPods(component).stream().map(UpgradeTest::tag).distinct().toList();
  }

  private static String tag(Pod pod) {
    String image = pod.getSpec().getContainers().getFirst().getImage();
    return image.substring(image.lastIndexOf(':') + 1);
  }
}
