package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** New versions, drains and changes of size, with room for an instance more. */
@RealCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HeadroomTest {
  /** Calls a second. */
  private static final int RATE = 20;

  private static final List<Integer> SIZES = List.of(3, 2, 3, 1, 2, 1, 3, 2, 1, 2);

  private final Cluster cluster;
  private Project project;

  HeadroomTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void enter() {
    project = cluster.project("headroom");
  }

  @AfterAll
  void leave() {
    project.close();
  }

  @Test
  @DisplayName(
      "T-U2, T-U3 20 calls a second and streams through a rollout, a drain and ten changes of size: none fails")
  void losesNothingWithHeadroom() {
    project.deployReady("roomy", "instances: 2");
    Application application = project.application("roomy");
    try (var calls = new RequestLoop(application, RATE);
        var streams = new StreamLoop(application)) {
      List<String> old = project.engineUids("roomy");
      project.deploy("roomy", "instances: 2", "contextLength: 2048");
      await("the new version to run alone")
          .atMost(Project.START)
          .until(
              () ->
                  project.rolledOut("roomy")
                      && project.engineUids("roomy").size() == 2
                      && project.engineUids("roomy").stream().noneMatch(old::contains));
      String drained = project.engines("roomy").getFirst().getMetadata().getName();
      cluster.client().pods().inNamespace(project.name()).withName(drained).evict();
      await("another instance in place of the drained one")
          .atMost(Project.START)
          .until(
              () ->
                  project.rolledOut("roomy")
                      && instances("roomy").equals("2/2")
                      && project.engines("roomy").stream()
                          .noneMatch(pod -> pod.getMetadata().getName().equals(drained)));
      for (int size : SIZES) {
        project.kubectl("scale", "mistraldeployment/roomy", "--replicas=" + size).orFail();
        await(size + " instances")
            .atMost(Project.START)
            .until(() -> instances("roomy").equals(size + "/" + size));
      }
      int ended = streams.ended();
      await("one more stream").atMost(Project.START).until(() -> streams.ended() > ended);
      calls.assertUninterrupted();
      assertThat(calls.answeredPerSecond()).isGreaterThan(0.9 * RATE);
      streams.assertUninterrupted();
    }
  }

  private String instances(String name) {
    var instances = project.deployment(name).getStatus().instances();
    return instances == null ? "" : instances.summary();
  }
}
