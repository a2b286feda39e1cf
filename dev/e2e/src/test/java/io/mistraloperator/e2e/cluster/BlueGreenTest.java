package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Two deployments behind one endpoint. */
@RealCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BlueGreenTest {
  private static final String NAME = "endpointName: swap";

  private final Cluster cluster;
  private Project project;

  BlueGreenTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void enter() {
    project = cluster.project("bluegreen");
  }

  @AfterAll
  void leave() {
    project.close();
  }

  private Set<String> answering(Application application) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 40; i++) {
      names.add(application.chat("Hi").deployment());
    }
    return names;
  }

  private void split(int blue, int green) {
    project.deploy("blue", NAME, "traffic: " + blue);
    project.deploy("green", NAME, "traffic: " + green);
    await("the split %d/%d".formatted(blue, green))
        .atMost(Project.TRUTH)
        .untilAsserted(
            () -> {
              assertThat(project.deployment("blue").getStatus().traffic()).isEqualTo(blue);
              assertThat(project.deployment("green").getStatus().traffic()).isEqualTo(green);
            });
  }

  @Test
  @DisplayName(
      "D2.7, D2.8 blue to green by steps: no call fails, traffic is guarded, keys outlive blue")
  void stepsFromBlueToGreen() {
    project.deployReady("blue", NAME, "traffic: 100");
    Application application = project.application("blue");
    String key = project.keyEntry("swap", "primaryKey");
    try (var loop = new RequestLoop(application)) {
      project.deployReady("green", NAME, "traffic: 0", "mirror: 10");
      assertThat(answering(application)).containsExactly("blue");
      await("green by its name")
          .atMost(Project.TRUTH)
          .untilAsserted(
              () ->
                  assertThat(application.chatWith("green", "Hi").deployment()).isEqualTo("green"));
      split(50, 50);
      await("both answer")
          .atMost(Project.TRUTH)
          .until(() -> answering(application).equals(Set.of("blue", "green")));
      var refused = project.kubectl("delete", "mdep", "blue", "--wait=false");
      assertThat(refused.all()).contains("spec.traffic 50");

      split(0, 100);
      await("green alone")
          .atMost(Project.TRUTH)
          .until(() -> answering(application).equals(Set.of("green")));
      project.kubectl("delete", "mdep", "blue").orFail();
      await("blue's instances are gone")
          .atMost(Project.START)
          .until(() -> project.engines("blue").isEmpty());
      await("the garbage collector has seen the keys")
          .atMost(Project.START)
          .untilAsserted(
              () ->
                  assertThat(project.keySecret("swap").getMetadata().getOwnerReferences())
                      .extracting(owner -> owner.getName())
                      .isEqualTo(List.of("green")));
      assertThat(project.keyEntry("swap", "primaryKey")).isEqualTo(key);
      assertThat(answering(application)).containsExactly("green");
      loop.assertUninterrupted();
    }
  }
}
