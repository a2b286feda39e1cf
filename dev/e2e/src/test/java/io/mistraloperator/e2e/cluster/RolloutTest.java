package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.mistraloperator.api.MistralDeployment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Changes of a deployment that serves. */
@RealCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RolloutTest {
  private static final String ABSENT_IMAGE = "mistraloperator/no-such-model:2";

  private final Cluster cluster;
  private Project project;

  RolloutTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void enter() {
    project = cluster.project("rollout");
  }

  @AfterAll
  void leave() {
    project.close();
  }

  @Test
  @DisplayName("D2.19, T-S6 a broken new version is told while the old one answers every call")
  void keepsServingTheOldVersion() {
    project.deployReady("broken");
    List<String> before = project.engineUids("broken");
    try (var states = new ReadyStates("broken");
        var loop = new RequestLoop(project.application("broken"))) {
      project.deploy("broken", Manifests.imageSource(ABSENT_IMAGE, "/models/tiny-scripted.gguf"));
      Condition cause = project.awaitCause("broken", ABSENT_IMAGE);
      assertThat(cause.getType()).isIn("Progressing", "Stalled", "Ready");
      assertThat(project.engineUids("broken")).containsAll(before);
      project.deploy("broken");
      await("the rollout of the old spec to end")
          .atMost(Project.START)
          .until(() -> project.rolledOut("broken"));
      project.awaitCleared("broken", ABSENT_IMAGE);
      loop.assertUninterrupted();
      assertThat(states.seen()).as("Ready while it served").containsOnly("True");
    }
  }

  @Test
  @DisplayName("T-S7 T-S8 a healthy rollout never leaves Ready and fails no call")
  void staysReady() {
    project.deployReady("healthy");
    List<String> before = project.engineUids("healthy");
    try (var states = new ReadyStates("healthy");
        var loop = new RequestLoop(project.application("healthy"))) {
      project.deploy("healthy", "contextLength: 2048");
      await("the new version to run alone")
          .atMost(Project.START)
          .until(() -> project.rolledOut("healthy") && project.engines("healthy").size() == 1);
      assertThat(project.engineUids("healthy")).doesNotContainAnyElementsOf(before);
      assertThat(project.deployment("healthy").getStatus().plan().contextLength()).isEqualTo(2048);
      int answered = loop.answered();
      await("calls to the new version").until(() -> loop.answered() > answered + 5);
      loop.assertUninterrupted();
      assertThat(states.seen()).as("Ready during the rollout").containsOnly("True");
    }
  }

  @Test
  @DisplayName("T-U4 drain does not wait for a pod that crashes")
  void doesNotDrainACrashingPod() {
    project.deploy("crashing", Manifests.imageSource(Images.TINY_MODELS, "/bin/cp"));
    project.awaitCause("crashing", "exit code 1");
    project.kubectl("delete", "mistraldeployment", "crashing").orFail();
    await("the crashing pods to go")
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                cluster
                    .client()
                    .pods()
                    .inNamespace(project.name())
                    .withLabel("app.kubernetes.io/instance", "crashing")
                    .list()
                    .getItems()
                    .isEmpty());
  }

  /** Every value that the Ready condition of a deployment takes. */
  private final class ReadyStates implements AutoCloseable {
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final SharedIndexInformer<MistralDeployment> informer;

    private ReadyStates(String name) {
      informer =
          cluster
              .client()
              .resources(MistralDeployment.class)
              .inNamespace(project.name())
              .withName(name)
              .inform(
                  new ResourceEventHandler<>() {
                    @Override
                    public void onAdd(MistralDeployment deployment) {
                      see(deployment);
                    }

                    @Override
                    public void onUpdate(MistralDeployment before, MistralDeployment now) {
                      see(now);
                    }

                    @Override
                    public void onDelete(MistralDeployment deployment, boolean unknown) {
                      seen.add("deleted");
                    }
                  });
    }

    private void see(MistralDeployment deployment) {
      deployment.getStatus().conditions().stream()
          .filter(condition -> condition.getType().equals("Ready"))
          .map(Condition::getStatus)
          .forEach(seen::add);
    }

    private List<String> seen() {
      return List.copyOf(seen);
    }

    @Override
    public void close() {
      informer.close();
    }
  }
}
