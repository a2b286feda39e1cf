package io.mistraloperator.operator.mistraldeployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.mistraloperator.operator.diagnosis.Problem.Reason;
import io.mistraloperator.operator.mistraldeployment.Rollout.Stage;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How far a Deployment is, from what its controller writes. */
class RolloutTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "just made,                     1, 1, 0, 0, 0, 0, '',                     Creating",
    "first pods start,              1, 1, 1, 1, 1, 0, ReplicaSetUpdated,      Creating",
    "first version complete,        1, 1, 1, 1, 1, 1, NewReplicaSetAvailable, Complete",
    "an instance fails later,       1, 1, 1, 1, 1, 0, NewReplicaSetAvailable, Complete",
    "controller has not looked,     1, 1, 0, 1, 1, 1, NewReplicaSetAvailable, Updating",
    "new version comes,             2, 1, 1, 2, 1, 1, ReplicaSetUpdated,      Updating",
    "new version serves alone,      2, 1, 1, 1, 1, 1, NewReplicaSetAvailable, Complete",
    "one more is wanted,            1, 3, 1, 2, 2, 2, NewReplicaSetAvailable, Scaling",
    "none is wanted and none there, 1, 0, 1, 0, 0, 0, NewReplicaSetAvailable, Complete",
    "one is still going,            1, 0, 1, 1, 1, 1, NewReplicaSetAvailable, Scaling",
    "made with none,                1, 0, 1, 0, 0, 0, '',                     Complete",
  })
  void stage(
      String ignoredName,
      int revision,
      int desired,
      long observed,
      int total,
      int updated,
      int ready,
      String reason,
      Stage stage) {
    assertThat(
            Rollout.of(
                    deployment(revision, desired, observed, total, updated, ready, reason),
                    List.of(),
                    ready)
                .stage())
        .isEqualTo(stage);
  }

  @ParameterizedTest(name = "T-Q7 {0}: {5}")
  @CsvSource({
    "no controller has looked yet, 2, 0, 0, 0, true",
    "the change is not seen yet,   2, 1, 2, 2, false",
    "old and new,                  2, 2, 2, 1, false",
    "old only,                     2, 2, 1, 0, false",
    "new only,                     2, 2, 2, 2, true",
    "none,                         2, 2, 0, 0, true",
  })
  void knowsWhetherOldInstancesAreLeft(
      String ignoredName, long generation, long observed, int total, int updated, boolean settled) {
    var engine = deployment(2, 2, observed, total, updated, 1, "ReplicaSetUpdated");
    engine.getMetadata().setGeneration(generation);
    assertThat(Rollout.isSettled(engine)).isEqualTo(settled);
  }

  @Test
  @DisplayName("T-S9 an instance that flaps does not count as scaling, one that starts does")
  void tellsAStartFromAFlap() {
    var complete = deployment(1, 2, 1, 2, 2, 1, "NewReplicaSetAvailable");
    assertThat(Rollout.of(complete, List.of(pod(true, 0)), 1).stage()).isEqualTo(Stage.Complete);
    assertThat(Rollout.of(complete, List.of(pod(false, 1)), 1).stage()).isEqualTo(Stage.Complete);
    assertThat(Rollout.of(complete, List.of(pod(false, 0)), 1).stage()).isEqualTo(Stage.Scaling);
  }

  @Test
  @DisplayName("T-Q3 pods that the API server refuses are told in its words")
  void tellsRefusedPods() {
    var refused =
        new DeploymentBuilder(deployment(1, 1, 1, 0, 0, 0, "ReplicaSetUpdated"))
            .editStatus()
            .addNewCondition()
            .withType("ReplicaFailure")
            .withStatus("True")
            .withMessage("exceeded quota: gpus")
            .endCondition()
            .endStatus()
            .build();
    assertThat(Rollout.problem(refused).orElseThrow())
        .returns(Reason.PodsRefused, problem -> problem.reason())
        .returns(true, problem -> problem.needsPerson())
        .returns(
            "the API server refuses the instances: exceeded quota: gpus. Quota of cores is not what is missing: raise the namespace's ResourceQuota, ask the platform to, or ask for fewer instances",
            problem -> problem.message());
  }

  @Test
  void tellsAStartThatTakesTooLong() {
    assertThat(Rollout.problem(deployment(1, 1, 1, 1, 1, 0, "ProgressDeadlineExceeded")))
        .map(problem -> problem.reason())
        .contains(Reason.StartTooSlow);
    assertThat(Rollout.problem(deployment(1, 1, 1, 1, 1, 0, "ReplicaSetUpdated"))).isEmpty();
  }

  private static Deployment deployment(
      int revision, int desired, long observed, int total, int updated, int ready, String reason) {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName("d")
        .withGeneration(1L)
        .addToAnnotations("deployment.kubernetes.io/revision", Integer.toString(revision))
        .endMetadata()
        .withNewSpec()
        .withReplicas(desired)
        .withProgressDeadlineSeconds(900)
        .endSpec()
        .withNewStatus()
        .withObservedGeneration(observed)
        .withReplicas(total)
        .withUpdatedReplicas(updated)
        .withReadyReplicas(ready)
        .addNewCondition()
        .withType("Progressing")
        .withStatus("True")
        .withReason(reason)
        .endCondition()
        .endStatus()
        .build();
  }

  private static Pod pod(boolean started, int restarts) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("p")
        .endMetadata()
        .withNewStatus()
        .addNewContainerStatus()
        .withName("engine")
        .withStarted(started)
        .withRestartCount(restarts)
        .endContainerStatus()
        .endStatus()
        .build();
  }
}
