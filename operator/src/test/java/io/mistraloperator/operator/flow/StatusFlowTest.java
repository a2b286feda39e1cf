package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.mistraloperator.api.MistralDeploymentStatus;
import io.mistraloperator.api.ProvisioningState;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What pods and events become in status, on a real API server. */
@ExtendWith(ApiServerExtension.class)
class StatusFlowTest {
  private static final String PULL_FAILS =
      """
      phase: Pending
      containerStatuses:
      - name: engine
        image: "no/such:1"
        imageID: ""
        ready: false
        restartCount: 0
        state: {waiting: {reason: ImagePullBackOff, message: "Back-off pulling image"}}
      """;
  private static final String WITHOUT_GPU =
      """
      phase: Running
      containerStatuses:
      - name: engine
        image: "vllm:1"
        imageID: ""
        ready: false
        restartCount: 0
        state: {terminated: {exitCode: 20, message: "GPUs planned: 1; this build of vLLM computes on the CPU"}}
      """;
  private static final String READY =
      """
      phase: Running
      conditions: [{type: Ready, status: "True"}]
      containerStatuses:
      - {name: engine, image: "llama:1", imageID: "", ready: true, started: true, restartCount: 0, state: {running: {}}}
      """;

  private final World world;

  StatusFlowTest(ApiServer server) {
    this.world = new World(server);
  }

  @Test
  @DisplayName("T-S1 the first cause stands in the status with one event, and goes when it is gone")
  void tellsACauseAndForgetsIt() {
    try (var _ = world.operator()) {
      world.deploy("pull");
      world.until("the engine", () -> world.engine(world.project, "pull").isPresent());
      var pod =
          world.reports.pod(
              world.engine(world.project, "pull").orElseThrow(), "pull-1", PULL_FAILS);
      world.eventually(
          () -> {
            var deployment = world.deployment("pull");
            for (String type : List.of("Ready", "Stalled", "EngineReady")) {
              assertThat(world.condition(deployment, type).getReason())
                  .isEqualTo("ImagePullBackOff");
              assertThat(world.condition(deployment, type).getMessage()).contains("no/such:1");
            }
            assertThat(deployment.getStatus().provisioningState())
                .isEqualTo(ProvisioningState.Failed);
          });
      world.reports.report(pod, READY);
      world.reports.serve(world.project, "pull");
      world.untilReady("pull");
      assertThat(world.condition(world.deployment("pull"), "Stalled").getStatus())
          .isEqualTo("False");
      assertThat(world.client.v1().events().inNamespace(world.project).list().getItems())
          .filteredOn(event -> event.getInvolvedObject().getName().equals("pull"))
          .filteredOn(event -> event.getType().equals("Warning"))
          .extracting(Event::getReason)
          .containsExactly("ImagePullBackOff");
    }
  }

  @Test
  @DisplayName("T-S10 a deployment whose engine finds no GPU says what was asked, and has failed")
  void tellsOfAnEngineWithoutItsGpus() {
    world.server.kubectl().output("apply", "-f", "src/test/resources/flow/quota.yaml");
    world.limit(world.project, Map.of("flow-gpu", 12));
    try (var _ = world.operator()) {
      world.deploy("blind", "model: Flow-Gpu-Chat", "instanceType: flow-gpu");
      world.until("the engine", () -> world.engine(world.project, "blind").isPresent());
      var engine = world.engine(world.project, "blind").orElseThrow();
      assertThat(engine.getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv())
          .contains(new EnvVar("ENGINE_GPUS", "1", null));
      world.reports.pod(engine, "blind-1", WITHOUT_GPU);
      world.eventually(
          () -> {
            var deployment = world.deployment("blind");
            for (String type : List.of("Ready", "Stalled", "EngineReady")) {
              assertThat(world.condition(deployment, type).getReason()).isEqualTo("GpusNotUsed");
              assertThat(world.condition(deployment, type).getMessage())
                  .endsWith("GPUs planned: 1; this build of vLLM computes on the CPU");
            }
            assertThat(deployment.getStatus().provisioningState())
                .isEqualTo(ProvisioningState.Failed);
          });
    }
  }

  @Test
  @DisplayName("states are counted by project, and the start of an instance once, by phase")
  void countsStatesAndStarts() {
    try (var operator = world.operator()) {
      world.deploy("counted");
      world.until("the engine", () -> world.engine(world.project, "counted").isPresent());
      var pod =
          world.reports.pod(
              world.engine(world.project, "counted").orElseThrow(),
              "counted-1",
              started(Instant.now().plusSeconds(60)));
      world.reports.serve(world.project, "counted");
      world.untilReady("counted");
      world.until(
          "the start is counted",
          () -> operator.meters().find("mistral.instance.start").timers().size() == 4);
      world.reports.report(pod, started(Instant.now().plusSeconds(90)));
      world.deploy("counted", "requestSettings: {timeoutSeconds: 60}");
      world.until(
          "another pass is over",
          () ->
              world
                  .deployment("counted")
                  .getStatus()
                  .observedGeneration()
                  .equals(world.deployment("counted").getMetadata().getGeneration()));
      assertThat(operator.meters().get("mistral.instance.start").timers())
          .allSatisfy(timer -> assertThat(timer.count()).isOne());
      assertThat(
              operator
                  .meters()
                  .get("mistral.deployments")
                  .tag("project", world.project)
                  .tag("state", "Succeeded")
                  .gauge()
                  .value())
          .isOne();
    }
  }

  private static String started(Instant ready) {
    var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    return """
        phase: Running
        conditions:
        - {type: PodScheduled, status: "True", lastTransitionTime: "%s"}
        - {type: Ready, status: "True", lastTransitionTime: "%s"}
        containerStatuses:
        - {name: engine, image: "llama:1", imageID: "", ready: true, started: true, restartCount: 0, state: {running: {startedAt: "%s"}}}
        """
        .formatted(now, ready.truncatedTo(ChronoUnit.SECONDS), now.plusSeconds(5));
  }

  @Test
  @DisplayName(
      "T-S6 a change that is refused leaves endpoint and traffic in the status, as they are")
  void tellsOfTheEndpointThatServesOn() {
    try (var _ = world.operator()) {
      world.deploy("refused");
      world.reports.serve(world.project, "refused");
      world.untilReady("refused");
      var before = world.deployment("refused").getStatus();
      assertThat(before.traffic()).isEqualTo(100);
      world.deploy("refused", "contextLength: 1000000");
      world.eventually(
          () -> {
            var refused = world.deployment("refused");
            assertThat(world.condition(refused, "PlanAccepted").getReason())
                .isEqualTo("ContextTooLong");
            assertThat(refused.getStatus().endpoint()).isEqualTo(before.endpoint());
            assertThat(refused.getStatus().traffic()).isEqualTo(100);
          });
    }
  }

  @Test
  @DisplayName("T-S5 what only the events of a pod tell stands in the status too")
  void readsTheEventsOfAPodThatCannotBeMade() {
    try (var _ = world.operator()) {
      world.deploy("mount");
      world.until("the engine", () -> world.engine(world.project, "mount").isPresent());
      var pod =
          world.reports.pod(
              world.engine(world.project, "mount").orElseThrow(),
              "mount-1",
              """
              phase: Pending
              containerStatuses:
              - {name: engine, image: "llama:1", imageID: "", ready: false, restartCount: 0,
                 state: {waiting: {reason: ContainerCreating}}}
              """);
      String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
      world
          .client
          .resource(
              new EventBuilder()
                  .withNewMetadata()
                  .withName("mount-1.failed")
                  .withNamespace(world.project)
                  .endMetadata()
                  .withNewInvolvedObject()
                  .withKind("Pod")
                  .withName("mount-1")
                  .withNamespace(world.project)
                  .withUid(pod.getMetadata().getUid())
                  .endInvolvedObject()
                  .withType("Warning")
                  .withReason("FailedMount")
                  .withMessage("secret \"registry\" not found")
                  .withFirstTimestamp(now)
                  .withLastTimestamp(now)
                  .build())
          .create();
      world.eventually(
          () ->
              assertThat(world.condition(world.deployment("mount"), "Ready").getMessage())
                  .contains("secret \"registry\" not found"));
    }
  }

  @Test
  @DisplayName(
      "T-S9 an instance whose probe fails for a while is told; the provisioning state stays")
  void aFlapIsNoChangeOfState() {
    var seen = new CopyOnWriteArrayList<MistralDeploymentStatus>();
    try (var _ = world.operator()) {
      world.deploy("flaps");
      world.until("the engine", () -> world.engine(world.project, "flaps").isPresent());
      var engine = world.engine(world.project, "flaps").orElseThrow();
      var pod = world.reports.pod(engine, "flaps-1", READY);
      world.reports.serve(world.project, "flaps");
      world.untilReady("flaps");
      try (var _ = world.statuses("flaps", seen::add)) {
        world.reports.report(
            pod, READY.replace("\"True\"", "\"False\"").replace("ready: true", "ready: false"));
        world.reports.report(
            engine,
            new DeploymentStatusBuilder(ServedEngine.status(engine))
                .withReadyReplicas(0)
                .withAvailableReplicas(0)
                .withUnavailableReplicas(1)
                .build());
        world.eventually(
            () ->
                assertThat(world.condition(world.deployment("flaps"), "Ready").getStatus())
                    .isEqualTo("False"));
        world.reports.report(pod, READY);
        world.reports.serve(world.project, "flaps");
        world.untilReady("flaps");
      }
      assertThat(seen)
          .hasSizeGreaterThan(1)
          .extracting(MistralDeploymentStatus::provisioningState)
          .containsOnly(ProvisioningState.Succeeded);
    }
  }

  @Test
  @DisplayName("T-S6 a broken new version is told while Ready stays true")
  void tellsOfABrokenVersionWhileTheOldOneServes() {
    try (var _ = world.operator()) {
      world.deploy("broken");
      world.until("the engine", () -> world.engine(world.project, "broken").isPresent());
      world.reports.pod(world.engine(world.project, "broken").orElseThrow(), "broken-old", READY);
      world.reports.serve(world.project, "broken");
      world.untilReady("broken");
      world.deploy("broken", "contextLength: 2048");
      world.until(
          "the new version",
          () ->
              world.engine(world.project, "broken").orElseThrow().getMetadata().getGeneration()
                  > 1);
      var engine = world.engine(world.project, "broken").orElseThrow();
      world.reports.pod(engine, "broken-new", PULL_FAILS);
      world.reports.report(engine, HalfRolledOut.of(engine));
      world.eventually(
          () -> {
            var deployment = world.deployment("broken");
            assertThat(world.condition(deployment, "Ready").getStatus()).isEqualTo("True");
            assertThat(world.condition(deployment, "Progressing").getStatus()).isEqualTo("True");
            assertThat(world.condition(deployment, "Progressing").getMessage())
                .contains("no/such:1");
            assertThat(world.condition(deployment, "Stalled").getReason())
                .isEqualTo("ImagePullBackOff");
          });
    }
  }
}
