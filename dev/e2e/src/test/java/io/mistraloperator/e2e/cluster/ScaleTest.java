package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** More instances, fewer, none. */
@RealCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScaleTest {
  /** An answer that ends only where the context does: two thousand tokens, some seconds. */
  private static final String LONG = "Tell me a story that goes on forever";

  private final Cluster cluster;
  private Project project;

  ScaleTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void enter() {
    project = cluster.project("scale");
  }

  @AfterAll
  void leave() {
    project.close();
  }

  @Test
  @DisplayName(
      "T-U3 kubectl scale 1 -> 2 -> 1: streams survive, no call fails, spec says what was asked")
  void scalesUpAndDown() {
    project.deployReady("grow", "contextLength: 2048");
    try (var loop = new RequestLoop(project.application("grow"))) {
      scale("grow", 2);
      await("two instances").atMost(Project.START).until(() -> instances("grow").equals("2/2"));
      assertThat(project.engines("grow")).hasSize(2);
      List<ChatStream> streams =
          IntStream.range(0, 4)
              .mapToObj(number -> project.application("grow").stream(LONG))
              .toList();
      streams.forEach(stream -> assertThat(stream.next()).isPresent());
      scale("grow", 1);
      List<CompletableFuture<ChatStream>> ends =
          streams.stream()
              .map(
                  stream ->
                      CompletableFuture.supplyAsync(stream::toEnd, Thread::startVirtualThread))
              .toList();
      await("one instance").atMost(Project.START).until(() -> instances("grow").equals("1/1"));
      for (CompletableFuture<ChatStream> end : ends) {
        try (ChatStream stream = end.join()) {
          assertThat(stream.finishReason()).isEqualTo("length");
        }
      }
      loop.assertUninterrupted();
    }
    assertThat(project.deployment("grow").getSpec().instances()).isEqualTo(1);
  }

  @Test
  @DisplayName("Zero instances stop the model and keep endpoint and keys; one more serves again")
  void stopsAndStarts() {
    project.deployReady("rest");
    Application application = project.application("rest");
    scale("rest", 0);
    await("no instance").atMost(Project.START).until(() -> project.engines("rest").isEmpty());
    await("503 without an instance")
        .atMost(Project.TRUTH)
        .untilAsserted(() -> assertThat(application.chat("Hi").status()).isEqualTo(503));
    scale("rest", 1);
    await("an answer by the same URL and key")
        .atMost(Project.START)
        .until(() -> application.chat("Hi").status() == 200);
  }

  private void scale(String deployment, int instances) {
    project.kubectl("scale", "mistraldeployment/" + deployment, "--replicas=" + instances).orFail();
  }

  private String instances(String deployment) {
    var instances = project.deployment(deployment).getStatus().instances();
    return instances == null ? "" : instances.summary();
  }
}
