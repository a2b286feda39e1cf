package io.mistraloperator.operator.flow;

import static io.mistraloperator.api.ProvisioningState.Updating;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.mistraloperator.api.MistralDeploymentStatus;
import io.mistraloperator.api.RolloutStatus;
import io.mistraloperator.api.RolloutStatus.Strategy;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A new version replaces the old one by headroom, on a real API server. */
@ExtendWith(ApiServerExtension.class)
class RolloutFlowTest {
  private static final Map<String, String> NO_PATIENCE =
      Map.of("mistral.rollout.surge-patience-seconds", "0");
  private static final String READY =
      """
      phase: Running
      conditions: [{type: Ready, status: "True"}, {type: PodScheduled, status: "True"}]
      containerStatuses:
      - {name: engine, image: "llama:1", imageID: "", ready: true, started: true, restartCount: 0, state: {running: {}}}
      """;
  private static final String NO_ROOM =
      """
      phase: Pending
      conditions:
      - {type: PodScheduled, status: "False", reason: Unschedulable, lastTransitionTime: "2026-01-01T00:00:00Z",
         message: "0/1 nodes are available: 1 Insufficient cpu."}
      """;

  private final World world;

  RolloutFlowTest(ApiServer server) {
    this.world = new World(server);
  }

  @AfterEach
  void clear() {
    world.clear();
  }

  private Deployment engine(String name) {
    return world.engine(world.project, name).orElseThrow();
  }

  private Optional<RolloutStatus> rollout(String name) {
    return Optional.ofNullable(world.deployment(name).getStatus().rollout());
  }

  private List<Event> told(String name) {
    return world.client.v1().events().inNamespace(world.project).list().getItems().stream()
        .filter(event -> event.getInvolvedObject().getName().equals(name))
        .filter(event -> event.getReason().equals("RolloutPlanned"))
        .toList();
  }

  private void runs(String name, String... spec) {
    world.deploy(name, spec);
    world.until("the engine", () -> world.engine(world.project, name).isPresent());
    world.reports.onNode(world.reports.pod(engine(name), name + "-old", READY), "node-1");
    world.reports.serve(world.project, name);
    world.untilReady(name);
  }

  private void strategy(String name, int surge, int missing) {
    var rolling = engine(name).getSpec().getStrategy().getRollingUpdate();
    assertThat(rolling.getMaxSurge()).isEqualTo(new IntOrString(surge));
    assertThat(rolling.getMaxUnavailable()).isEqualTo(new IntOrString(missing));
  }

  @Test
  @DisplayName(
      "T-S7 a new version is told with one event, starts beside the old one, and Ready stays True")
  void surges() {
    try (var _ = world.operator()) {
      runs("healthy");
      assertThat(rollout("healthy")).isEmpty();
      long before = engine("healthy").getMetadata().getGeneration();
      world.deploy("healthy", "contextLength: 2048");
      world.until(
          "the new version", () -> engine("healthy").getMetadata().getGeneration() > before);
      strategy("healthy", 1, 0);
      world.reports.report(engine("healthy"), HalfRolledOut.of(engine("healthy")));
      world.eventually(
          () -> {
            assertThat(rollout("healthy").orElseThrow().strategy()).isEqualTo(Strategy.Surge);
            assertThat(world.condition(world.deployment("healthy"), "Progressing").getMessage())
                .contains("one more instance starts before an old one goes");
            assertThat(world.condition(world.deployment("healthy"), "Ready").getStatus())
                .isEqualTo("True");
          });
      world.reports.serve(world.project, "healthy");
      world.eventually(() -> assertThat(rollout("healthy")).isEmpty());
      assertThat(told("healthy")).hasSize(1).allMatch(event -> event.getType().equals("Normal"));
    }
  }

  @Test
  @DisplayName("T-S8 a new version that is only planned is neither observed nor done")
  void doesNotCountAsDoneBeforeItIsBegun() {
    var seen = new CopyOnWriteArrayList<MistralDeploymentStatus>();
    try (var _ = world.operator()) {
      runs("planned");
      long before = world.deployment("planned").getMetadata().getGeneration();
      try (var _ = world.statuses("planned", seen::add)) {
        world.deploy("planned", "contextLength: 2048");
        world.until(
            "it is acted on",
            () -> seen.stream().anyMatch(status -> status.observedGeneration() > before));
      }
      assertThat(seen)
          .filteredOn(status -> status.rollout() != null)
          .isNotEmpty()
          .allSatisfy(status -> assertThat(status.provisioningState()).isEqualTo(Updating))
          .anySatisfy(status -> assertThat(status.observedGeneration()).isEqualTo(before));
      assertThat(seen)
          .filteredOn(status -> status.observedGeneration() > before)
          .allSatisfy(status -> assertThat(status.rollout()).isNotNull());
    }
  }

  @Test
  @DisplayName(
      "T-U1 without room for one more, the downtime is told, then the old instance goes first")
  void goesOneByOneWithoutRoom() {
    try (var _ = RunningOperator.start(world.server, world.platform, NO_PATIENCE)) {
      runs("full");
      long before = engine("full").getMetadata().getGeneration();
      world.deploy("full", "contextLength: 2048");
      world.until("the new version", () -> engine("full").getMetadata().getGeneration() > before);
      world.reports.report(engine("full"), HalfRolledOut.of(engine("full")));
      world.reports.pod(engine("full"), "full-new", NO_ROOM);
      world.eventually(() -> strategy("full", 0, 1));
      var status = rollout("full").orElseThrow();
      assertThat(status.strategy()).isEqualTo(Strategy.OneByOne);
      assertThat(status.downtimeSeconds()).isPositive();
      assertThat(status.message()).contains("1 Insufficient cpu", "nothing answers for up to");
      assertThat(told("full"))
          .filteredOn(event -> event.getType().equals("Warning"))
          .singleElement()
          .satisfies(event -> assertThat(event.getMessage()).contains("nothing answers"));
      // The scheduler has placed it by now.
      world.client.pods().inNamespace(world.project).withName("full-new").delete();
      world.reports.report(engine("full"), HalfRolledOut.of(engine("full")));
      world.eventually(
          () -> assertThat(rollout("full").orElseThrow().strategy()).isEqualTo(Strategy.OneByOne));
      strategy("full", 0, 1);
      world.reports.serve(world.project, "full");
      world.eventually(() -> assertThat(rollout("full")).isEmpty());
      world.eventually(() -> strategy("full", 1, 0));
    }
  }

  @Test
  @DisplayName("T-Q6 a namespace quota that is used up: no surge, and the plan says so")
  void doesNotSurgeBeyondTheNamespacesQuota() {
    try (var _ = world.operator()) {
      runs("bounded");
      long before = engine("bounded").getMetadata().getGeneration();
      world.deploy("bounded", "contextLength: 2048");
      world.until(
          "the new version", () -> engine("bounded").getMetadata().getGeneration() > before);
      strategy("bounded", 1, 0);
      world.reports.report(
          engine("bounded"),
          HalfRolledOut.refused(
              engine("bounded"), "pods is forbidden: exceeded quota: cores, used: 2, limited: 2"));
      world.eventually(() -> strategy("bounded", 0, 1));
      assertThat(rollout("bounded").orElseThrow().message()).contains("exceeded quota: cores");
    }
  }

  @Test
  @DisplayName(
      "T-U7 spec.rollout decides where it says so, and no more than the reserved cores allow")
  void obeysTheSpec() {
    try (var _ = RunningOperator.start(world.server, world.platform, NO_PATIENCE)) {
      runs("wishes", "rollout: {maxUnavailable: 0, maxSurge: 3}");
      strategy("wishes", 1, 0);
      long before = engine("wishes").getMetadata().getGeneration();
      world.deploy("wishes", "contextLength: 2048", "rollout: {maxUnavailable: 0, maxSurge: 3}");
      world.until("the new version", () -> engine("wishes").getMetadata().getGeneration() > before);
      world.reports.report(engine("wishes"), HalfRolledOut.of(engine("wishes")));
      world.reports.pod(engine("wishes"), "wishes-new", NO_ROOM);
      world.eventually(
          () ->
              assertThat(rollout("wishes").orElseThrow().message())
                  .contains("asks for 3", "room for 1", "waits: no node has room"));
      strategy("wishes", 1, 0);
      world.deploy("wishes", "contextLength: 2048", "rollout: {maxSurge: 0}");
      world.eventually(() -> strategy("wishes", 0, 1));
    }
  }

  @Test
  @DisplayName(
      "T-S6 T-Q7 back to the old version while the new one fails: as before, nothing reserved twice")
  void goesBack() {
    try (var _ = world.operator()) {
      runs("back");
      var old = engine("back");
      String used = world.used(world.project);
      world.deploy("back", "contextLength: 2048");
      world.until(
          "the new version",
          () -> engine("back").getMetadata().getGeneration() > old.getMetadata().getGeneration());
      world.reports.report(engine("back"), HalfRolledOut.of(engine("back")));
      assertThat(world.used(world.project)).isEqualTo(used);
      world.deploy("back");
      world.eventually(
          () ->
              assertThat(engine("back").getSpec().getTemplate())
                  .isEqualTo(old.getSpec().getTemplate()));
      world.reports.serve(world.project, "back");
      world.eventually(() -> assertThat(rollout("back")).isEmpty());
      assertThat(world.used(world.project)).isEqualTo(used);
      assertThat(world.condition(world.deployment("back"), "Ready").getStatus()).isEqualTo("True");
    }
  }
}
