package io.mistraloperator.operator.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mistraloperator.operator.diagnosis.Problem.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Causes out of the status that a kubelet and a scheduler write. */
class PodProblemsTest {
  @ParameterizedTest
  @ValueSource(strings = {"ErrImagePull", "ImagePullBackOff", "InvalidImageName"})
  @DisplayName("T-S1 an image that cannot be pulled")
  void image(String reason) {
    assertThat(
            problem(
                """
                containerStatuses:
                - {name: engine, image: "no/such:1", restartCount: 0,
                   state: {waiting: {reason: %s, message: "not found"}}}
                """
                    .formatted(reason)))
        .contains(
            new Problem(
                Reason.ImagePullBackOff, "image no/such:1 cannot be pulled: not found", true));
  }

  @Test
  @DisplayName("T-S2 a crash tells exit code and last line, and needs a person when it repeats")
  void crash() {
    String status =
        """
        containerStatuses:
        - name: engine
          restartCount: %d
          state: {%s}
          lastState: {terminated: {exitCode: 1, reason: Error, message: "loading\\nmodel is broken\\n\\n"}}
        """;
    var once = problem(status.formatted(1, "running: {}")).orElseThrow();
    assertThat(once)
        .isEqualTo(
            new Problem(
                Reason.CrashLoopBackOff,
                "the engine ended with exit code 1: model is broken",
                false));
    assertThat(problem(status.formatted(2, "running: {}")).orElseThrow().needsPerson()).isTrue();
    assertThat(
            problem(status.formatted(1, "waiting: {reason: CrashLoopBackOff}"))
                .orElseThrow()
                .needsPerson())
        .isTrue();
  }

  @Test
  @DisplayName(
      "T-S2 an engine that ends with exit code 0 has crashed: vLLM does when a worker dies")
  void endWithoutFailureIsACrash() {
    assertThat(
            problem(
                """
                containerStatuses:
                - {name: engine, restartCount: 0, state: {terminated: {exitCode: 0, reason: Completed}}}
                """))
        .map(Problem::message)
        .contains("the engine ended with exit code 0");
  }

  @ParameterizedTest(name = "exit status {0}: {1}")
  @CsvSource({
    "10, FetchAccessDenied",
    "11, FetchNotFound",
    "12, FetchNoSpace",
    "13, FetchWrongChecksum",
    "14, FetchGaveUp"
  })
  @DisplayName("T-M1 T-M2 T-M3 T-M7 what the fetcher says becomes a reason, and needs a person")
  void fetch(int exit, Reason reason) {
    assertThat(
            problem(
                """
                initContainerStatuses:
                - name: model
                  restartCount: 0
                  state: {terminated: {exitCode: %d, reason: Error, message: "the hub refuses the token of Secret hub-token"}}
                """
                    .formatted(exit)))
        .contains(
            new Problem(
                reason,
                "the weights cannot be fetched: the hub refuses the token of Secret hub-token",
                true));
  }

  @Test
  @DisplayName("T-S10 an engine that finds no GPU says so in its last line, and needs a person")
  void gpusNotUsed() {
    String status =
        """
        %s:
        - name: engine
          restartCount: 0
          state: {terminated: {exitCode: 20, reason: Error, message: "ImportError: libcuda.so.1\\nGPUs planned: 1; vLLM finds no GPU"}}
        """;
    assertThat(problem(status.formatted("containerStatuses")))
        .contains(
            new Problem(
                Reason.GpusNotUsed,
                "the engine does not compute with the GPUs of its instance type: GPUs planned: 1; vLLM finds no GPU",
                true));
    assertThat(problem(status.formatted("initContainerStatuses")))
        .map(Problem::reason)
        .contains(Reason.ModelFetchFailed);
  }

  @Test
  @DisplayName("T-S3 lack of memory")
  void memory() {
    assertThat(
            problem(
                """
                containerStatuses:
                - {name: engine, restartCount: 1, state: {running: {}},
                   lastState: {terminated: {exitCode: 137, reason: OOMKilled}}}
                """))
        .map(Problem::reason)
        .contains(Reason.OOMKilled);
  }

  @Test
  @DisplayName("T-S4 the scheduler's words, T-S5 with what the events of its claims say")
  void unschedulable() {
    String status =
        """
        conditions:
        - {type: PodScheduled, status: "False", reason: Unschedulable, message: "0/1 nodes are available"}
        """;
    assertThat(problem(status))
        .contains(
            new Problem(
                Reason.Unschedulable,
                "no node takes the instance: 0/1 nodes are available. Quota is not what is missing, the cluster has no room for it: add a node that takes it, or choose another instance type",
                false));
    assertThat(problem(status, "class \"x\" not found").orElseThrow().message())
        .contains("are available (class \"x\" not found). Quota");
    assertThat(
            problem(
                status.replace(
                    "nodes are available",
                    "nodes are available: pod has unbound immediate PersistentVolumeClaims")))
        .map(Problem::message)
        .hasValueSatisfying(
            words -> assertThat(words).endsWith(". Look at the claim and its storage class"));
  }

  @Test
  @DisplayName("T-S5 what keeps a container from being made stands in its events or its state")
  void notCreated() {
    String creating =
        """
        containerStatuses: [{name: engine, restartCount: 0, state: {waiting: {reason: ContainerCreating}}}]
        """;
    assertThat(problem(creating)).isEmpty();
    assertThat(PodProblems.unexplained(List.of(pod("a", 1, creating)))).hasSize(1);
    assertThat(problem(creating, "secret \"x\" not found"))
        .contains(new Problem(Reason.ContainerNotCreated, "secret \"x\" not found", false));
    assertThat(
            problem(
                """
                containerStatuses:
                - {name: engine, restartCount: 0,
                   state: {waiting: {reason: CreateContainerConfigError, message: 'secret "y" not found'}}}
                """))
        .contains(new Problem(Reason.ContainerNotCreated, "secret \"y\" not found", true));
  }

  @Test
  void weightsThatCannotBeBrought() {
    assertThat(
            problem(
                """
                initContainerStatuses:
                - {name: model, restartCount: 1, state: {waiting: {reason: CrashLoopBackOff}},
                   lastState: {terminated: {exitCode: 1, message: "404 from https://models"}}}
                containerStatuses: [{name: engine, restartCount: 0, state: {waiting: {reason: PodInitializing}}}]
                """))
        .contains(
            new Problem(
                Reason.ModelFetchFailed,
                "the model could not be brought: exit code 1: 404 from https://models",
                true));
  }

  @Test
  void whileWeightsAreBroughtNothingIsWrong() {
    var pod =
        pod(
            "a",
            1,
            """
            initContainerStatuses: [{name: model, restartCount: 0, state: {running: {}}}]
            containerStatuses: [{name: engine, restartCount: 0, state: {waiting: {reason: PodInitializing}}}]
            """);
    assertThat(PodProblems.find(List.of(pod), Map.of("a", "stale"))).isEmpty();
    assertThat(PodProblems.unexplained(List.of(pod))).isEmpty();
    assertThat(PodProblems.isStarting(pod)).isTrue();
  }

  @Test
  void aReadyPodHasNoProblemWhateverWasBefore() {
    var pod =
        pod(
            "a",
            1,
            """
            conditions: [{type: Ready, status: "True"}]
            containerStatuses:
            - {name: engine, restartCount: 3, started: true, state: {running: {}},
               lastState: {terminated: {exitCode: 1}}}
            """);
    assertThat(PodProblems.find(List.of(pod), Map.of())).isEmpty();
    assertThat(PodProblems.isStarting(pod)).isFalse();
  }

  @Test
  void theNewestPodIsAskedFirst() {
    String crash =
        "containerStatuses: [{name: engine, restartCount: 0, state: {terminated: {exitCode: %d}}}]";
    assertThat(
            PodProblems.find(
                List.of(pod("old", 1, crash.formatted(1)), pod("new", 2, crash.formatted(2))),
                Map.of()))
        .map(Problem::message)
        .contains("the engine ended with exit code 2");
  }

  @Test
  void theLineThatNamesTheCauseIsFoundAboveTheLastOne() {
    assertThat(
            LogLines.cause(
                """
                INFO loading
                ValueError: No available memory for the cache blocks
                  at somewhere
                RuntimeError: Engine core initialization failed. See root cause above.
                """))
        .isEqualTo("ValueError: No available memory for the cache blocks");
    assertThat(
            LogLines.cause(
                """
                (EngineCore pid=33)     raise ValueError(
                (EngineCore pid=33) ValueError: Free memory on device cuda:0 (127.48/139.8 GiB)

                RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {}
                """))
        .isEqualTo(
            "(EngineCore pid=33) ValueError: Free memory on device cuda:0 (127.48/139.8 GiB)");
    assertThat(LogLines.cause("one\ntwo\n")).isEqualTo("two");
    assertThat(LogLines.cause("")).isEmpty();
  }

  private static Optional<Problem> problem(String status) {
    return PodProblems.find(List.of(pod("a", 1, status)), Map.of());
  }

  private static Optional<Problem> problem(String status, String warning) {
    return PodProblems.find(List.of(pod("a", 1, status)), Map.of("a", warning));
  }

  private static Pod pod(String uid, int day, String status) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(uid)
        .withUid(uid)
        .withCreationTimestamp("2026-01-0%dT00:00:00Z".formatted(day))
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .withStatus(Serialization.unmarshal(status, PodStatus.class))
        .build();
  }
}
