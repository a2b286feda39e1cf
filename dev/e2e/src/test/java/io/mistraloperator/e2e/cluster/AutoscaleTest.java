package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Load decides, down to nothing and back. */
@RealCluster
class AutoscaleTest {
  private static final int CALLERS = 20;
  private static final String TO_ZERO =
      """
      autoscaling:
        minInstances: 0
        maxInstances: 2
        stableWindowSeconds: 6
        scaleDownDelaySeconds: 0
        scaleToZeroAfterSeconds: 10
      """;

  private final Cluster cluster;

  AutoscaleTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  @DisplayName(
      "T-Z1, T-Z2 idle: no instance, still Ready; callers at zero are held, wake it and are all answered")
  void restsAndWakes() {
    try (Project project = cluster.project("autoscale")) {
      project.deployReady("nap", TO_ZERO);
      Application application = project.application("nap");
      await("no instance while nobody asks")
          .atMost(Project.START)
          .until(() -> project.engines("nap").isEmpty());
      project.awaitCause("nap", "Active=False");
      assertThat(condition(project, "Ready").getStatus()).isEqualTo("True");

      List<CompletableFuture<Application.Answer>> calls =
          IntStream.range(0, CALLERS)
              .mapToObj(
                  number ->
                      CompletableFuture.supplyAsync(
                          () -> application.chat("Hi"), Thread::startVirtualThread))
              .toList();
      assertThat(calls)
          .extracting(CompletableFuture::join)
          .allSatisfy(answer -> assertThat(answer.status()).isEqualTo(200));
      project.awaitCause("nap", "Active=True");
      assertThat(condition(project, "Ready").getStatus()).isEqualTo("True");
    }
  }

  @Test
  @DisplayName("T-Z2 calls from the decision on, while the last instance goes: none is lost")
  void losesNothingOnTheWayToZero() {
    try (Project project = cluster.project("autoscale")) {
      project.deployReady("edge", TO_ZERO);
      Application application = project.application("edge");
      List<String> last = project.engineUids("edge");
      assertThat(last).hasSize(1);
      await("the decision that it goes")
          .atMost(Project.START)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> project.deployment("edge").getStatus().autoscaling().desired() == 0);
      try (var loop = new RequestLoop(application)) {
        await("another one in its place")
            .atMost(Project.START)
            .until(
                () ->
                    project.engineUids("edge").size() == 1
                        && !project.engineUids("edge").equals(last));
        int answered = loop.answered();
        await("answers of that one")
            .atMost(Project.START)
            .until(() -> loop.answered() > answered + 10);
        loop.assertUninterrupted();
      }
    }
  }

  @Test
  @DisplayName(
      "T-Z6 as many streams as an instance answers at a time reach the default target, and a second one comes")
  void reachesTheDefaultTarget() {
    try (Project project = cluster.project("autoscale")) {
      project.deployReady(
          "busy",
          "contextLength: 2048",
          "autoscaling: {minInstances: 1, maxInstances: 2, stableWindowSeconds: 6}");
      int atATime = project.deployment("busy").getStatus().plan().concurrency();
      Application application = project.application("busy");
      List<StreamLoop> loops =
          IntStream.range(0, atATime).mapToObj(number -> new StreamLoop(application)).toList();
      try {
        await("a second instance")
            .atMost(Project.START)
            .until(() -> project.engines("busy").size() == 2);
      } finally {
        loops.forEach(StreamLoop::close);
      }
    }
  }

  private static Condition condition(Project project, String type) {
    return project.deploymentConditions("nap").stream()
        .filter(condition -> condition.getType().equals(type))
        .findFirst()
        .orElseThrow();
  }
}
