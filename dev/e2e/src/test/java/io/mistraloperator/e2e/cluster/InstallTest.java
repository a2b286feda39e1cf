package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The installed platform before anyone uses it. */
@RealCluster
@Order(1)
class InstallTest {
  private static final long MEBIBYTE = 1024 * 1024;

  private final Cluster cluster;

  InstallTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  @DisplayName("T-H1 helm install --wait succeeds at the first try")
  void installs() {
    assertThat(cluster.chart().installation().getStatus()).isEqualTo("deployed");
    assertThat(cluster.chart().installation().getRevision()).isEqualTo("1");
    assertThat(cluster.platformPods("operator"))
        .isNotEmpty()
        .allSatisfy(pod -> assertThat(restarts(pod)).as("restarts").isZero());
    assertThat(cluster.platformPods("gateway"))
        .isNotEmpty()
        .allSatisfy(pod -> assertThat(restarts(pod)).as("restarts").isZero());
  }

  @Test
  @DisplayName("T-H3 what the chart renders is what the cluster holds: no drift by defaults")
  void hasNoDrift() {
    var diff =
        cluster
            .kubectl()
            .onManifest(
                "diff",
                cluster.chart().rendered(),
                "-n",
                Cluster.PLATFORM,
                "--server-side",
                "--force-conflicts");
    assertThat(diff.all()).isEmpty();
    assertThat(diff.exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"operator", "gateway"})
  @DisplayName("At rest a process of the platform takes at most 256 MiB")
  void staysSmall(String component) {
    for (Pod pod : cluster.platformPods(component)) {
      long resident = cluster.residentBytes(pod, component);
      System.out.printf(
          "%s: %d MiB resident, ready %d s after its container's start%n",
          component, resident / MEBIBYTE, secondsToReady(pod, component));
      assertThat(resident).as("resident bytes of %s", component).isBetween(1L, 256 * MEBIBYTE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mistraldeployments", "serverlessendpoints", "mistralmodels"})
  @DisplayName("kubectl explain has a text for every field")
  void explainsEveryField(String kind) {
    String explained =
        cluster.kubectl().run("explain", kind + ".spec", "--recursive=false").orFail();
    assertThat(explained).contains("FIELDS:").doesNotContain("<no description>");
  }

  private static int restarts(Pod pod) {
    return pod.getStatus().getContainerStatuses().stream()
        .mapToInt(ContainerStatus::getRestartCount)
        .sum();
  }

  // Both times have a resolution of one second.
  private static long secondsToReady(Pod pod, String container) {
    Instant started =
        pod.getStatus().getContainerStatuses().stream()
            .filter(status -> status.getName().equals(container))
            .map(status -> Instant.parse(status.getState().getRunning().getStartedAt()))
            .findFirst()
            .orElseThrow();
    Instant ready =
        pod.getStatus().getConditions().stream()
            .filter(condition -> condition.getType().equals("Ready"))
            .map(condition -> Instant.parse(condition.getLastTransitionTime()))
            .findFirst()
            .orElseThrow();
    return Duration.between(started, ready).toSeconds();
  }
}
