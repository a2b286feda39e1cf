package io.mistraloperator.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("T-U1 why no instance more can run")
class SurgeObstacleTest {
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String FULL = "0/3 nodes are available: 3 Insufficient nvidia.com/gpu.";

  private static PodSpec spec(String gpus, String pool) {
    return new PodSpecBuilder()
        .addToNodeSelector("pool", pool)
        .addNewContainer()
        .withName("engine")
        .withNewResources()
        .withRequests(Map.of("cpu", new Quantity("500m")))
        .withLimits(Map.of("nvidia.com/gpu", new Quantity(gpus)))
        .endResources()
        .endContainer()
        .build();
  }

  private static Pod serving(PodSpec spec) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("old")
        .endMetadata()
        .withSpec(new PodSpecBuilder(spec).withNodeName("node-1").build())
        .withNewStatus()
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .endCondition()
        .endStatus()
        .build();
  }

  private static Pod waiting(String message, int seconds) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("new")
        .endMetadata()
        .withSpec(spec("1", "a"))
        .withNewStatus()
        .addNewCondition()
        .withType("PodScheduled")
        .withStatus("False")
        .withReason("Unschedulable")
        .withMessage(message)
        .withLastTransitionTime(NOW.minusSeconds(seconds).toString())
        .endCondition()
        .endStatus()
        .build();
  }

  private static Deployment refused(String words) {
    return new DeploymentBuilder()
        .withNewStatus()
        .addNewCondition()
        .withType("ReplicaFailure")
        .withStatus("True")
        .withMessage(words)
        .endCondition()
        .endStatus()
        .build();
  }

  private static Optional<SurgeObstacle> find(PodSpec wanted, Pod... pods) {
    return find(new DeploymentBuilder().build(), wanted, pods);
  }

  private static Optional<SurgeObstacle> find(Deployment engine, PodSpec wanted, Pod... pods) {
    return SurgeObstacle.find(engine, wanted, List.of(pods), NOW, PATIENCE);
  }

  @Test
  void aPodThatFindsNoRoomForLongEnough() {
    var wanted = spec("1", "a");
    var old = serving(spec("1", "a"));

    assertThat(find(wanted, old, waiting(FULL, 59))).isEmpty();
    assertThat(find(wanted, old, waiting(FULL, 60)))
        .contains(new SurgeObstacle("no node has room for one more: " + FULL, true));
  }

  @Test
  @DisplayName("T-U1 while nothing answers there is nothing to be patient for")
  void noPatienceWithoutAnyService() {
    var broken = new PodBuilder(serving(spec("1", "a"))).editStatus().withConditions().endStatus();

    assertThat(find(spec("1", "a"), broken.build(), waiting(FULL, 0))).isPresent();
  }

  @Test
  @DisplayName("D2.19 a node selector that no node has is no lack of room")
  void otherReasonsAreNone() {
    assertThat(
            find(
                spec("1", "a"),
                serving(spec("1", "a")),
                waiting("0/3 nodes are available: 3 node(s) didn't match node selector.", 600)))
        .isEmpty();
    assertThat(find(refused("denied the request: policy"), spec("1", "a"))).isEmpty();
  }

  @Test
  @DisplayName(
      "D2.19 an old instance leaves room for what asks for no more and goes to the same nodes")
  void whatLeavesRoom() {
    var old = serving(spec("2", "a"));
    var waiting = waiting(FULL, 600);

    assertThat(find(spec("2", "a"), old, waiting).orElseThrow().endsWithoutOne()).isTrue();
    assertThat(find(spec("1", "a"), old, waiting).orElseThrow().endsWithoutOne()).isTrue();
    assertThat(find(spec("4", "a"), old, waiting).orElseThrow().endsWithoutOne()).isFalse();
    assertThat(find(spec("2", "b"), old, waiting).orElseThrow().endsWithoutOne()).isFalse();
  }

  @Test
  @DisplayName("T-Q6 a ResourceQuota that is used up is one at once")
  void aQuotaThatIsUsedUp() {
    String refusal = "pods is forbidden: exceeded quota: gpus, requested: 1, used: 1, limited: 1";

    assertThat(find(refused(refusal), spec("1", "a"), serving(spec("1", "a"))))
        .contains(
            new SurgeObstacle(
                "the namespace's ResourceQuota has no room for one more: " + refusal, true));
  }
}
