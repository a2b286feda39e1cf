package io.mistraloperator.e2e.vllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.mistraloperator.api.Engine;
import io.mistraloperator.api.ProvisioningState;
import io.mistraloperator.e2e.cluster.Application;
import io.mistraloperator.e2e.cluster.ChatStream;
import io.mistraloperator.e2e.cluster.Cluster;
import io.mistraloperator.e2e.cluster.EnginePod;
import io.mistraloperator.e2e.cluster.Images;
import io.mistraloperator.e2e.cluster.Manifests;
import io.mistraloperator.e2e.cluster.Project;
import io.mistraloperator.e2e.cluster.RealCluster;
import io.mistraloperator.e2e.cluster.TuningFlags;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** One deployment with vLLM, from apply to crash. vLLM takes most of a minute to start. */
@RealCluster
@Tag("vllm")
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class VllmTest {
  private static final String DEPLOYMENT = "real";
  private static final Duration START = Duration.ofMinutes(5);

  /** An answer that ends only where the context does. */
  private static final String LONG = "Tell me a story that goes on forever";

  /** Tokens of an answer that was not meant to end. */
  private static final int FEW = 100;

  /** What the command line of the process that computes holds. */
  private static final String WORKER = "VLLM::Worker";

  private final Cluster cluster;
  private Project project;

  VllmTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  @Timeout(900)
  void deploy() {
    Cluster.missing(Images.VLLM_CPU).ifPresent(reason -> Assumptions.abort(reason));
    cluster.load(Images.VLLM_CPU);
    project = cluster.project("vllm");
    project.deploy(DEPLOYMENT, "engine: VLLM", "instanceType: tiny-cpu-vllm");
    project.awaitReady("mistraldeployment/" + DEPLOYMENT, START);
  }

  @AfterAll
  void leave() {
    if (project != null) {
      project.close();
    }
  }

  @Test
  @Order(1)
  @DisplayName("A9 vLLM answers plain through the gateway")
  void answersPlain() {
    Application.Answer answer = project.application(DEPLOYMENT).chat("Hi");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo(Application.GREETING);
    assertThat(answer.usage()).isEqualTo("5 + 11 = 16");
    assertThat(answer.body().at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(project.deployment(DEPLOYMENT).getStatus().plan().engine()).isEqualTo(Engine.VLLM);
  }

  @Test
  @Order(1)
  @DisplayName("vLLM knows every argument that a project may set")
  void knowsTheArguments() {
    TuningFlags.assertKnown(project, DEPLOYMENT, "vLLM", "vllm", "serve", "--help=all");
  }

  @Test
  @Order(2)
  @DisplayName("A10 vLLM answers streamed through the gateway")
  void answersStreamed() {
    try (ChatStream stream = project.application(DEPLOYMENT).stream("Hi").toEnd()) {
      assertThat(stream.status()).isEqualTo(200);
      assertThat(stream.text()).isEqualTo(Application.GREETING);
      assertThat(stream.usage()).isEqualTo("5 + 11 = 16");
      assertThat(stream.finishReason()).isEqualTo("stop");
    }
  }

  @Test
  @Order(2)
  @DisplayName("B4.12 a client leaves while vLLM computes: nothing more is written for it")
  void aClientLeaves() {
    EnginePod engine = EnginePod.of(cluster, project, DEPLOYMENT);
    // Connections that wait for their next request end by themselves.
    engine.awaitConnected(false);
    engine.awaitRest();
    double before = engine.tokens();
    // vLLM computes a tiny model faster than it hands the tokens on, and reads nothing meanwhile.
    engine.freeze(WORKER);
    try {
      var answer = project.application(DEPLOYMENT).ask(LONG);
      engine.awaitConnected(true);
      answer.cancel(true);
      engine.awaitConnected(false);
    } finally {
      engine.resume(WORKER);
    }
    engine.awaitRest();
    assertThat(engine.tokens() - before).as("tokens written for nobody").isLessThan(FEW);
    awaitAnswer();
  }

  @Test
  @Order(3)
  @DisplayName("T-U3 a running stream ends in its own time when its pod is deleted")
  void drains() {
    Pod pod = project.engines(DEPLOYMENT).getFirst();
    try (ChatStream stream = project.application(DEPLOYMENT).stream(LONG)) {
      assertThat(stream.next()).isPresent();
      project.kubectl("delete", "pod", pod.getMetadata().getName(), "--wait=false").orFail();
      var end = CompletableFuture.supplyAsync(stream::toEnd, Thread::startVirtualThread);
      assertThat(end.join().finishReason()).isEqualTo("length");
    }
    awaitAnswer();
  }

  @Test
  @Order(4)
  @DisplayName("T-S2 an engine whose worker dies ends with code 0: a crash all the same")
  void tellsACrashWithCodeZero() {
    project.awaitReady("mistraldeployment/" + DEPLOYMENT, START);
    cluster.killProcesses(project.engines(DEPLOYMENT).getFirst(), "engine", "VLLM::");
    project.awaitCause(DEPLOYMENT, "exit code 0");
    awaitAnswer();
    project.awaitReady("mistraldeployment/" + DEPLOYMENT, START);
  }

  @Test
  @Order(5)
  @DisplayName(
      "T-S10 vLLM for CPUs in the place of that for GPUs does not serve: the status says so")
  void doesNotServeOnTheCpuInPlaceOfGpus() {
    cluster.tag(Images.VLLM_CPU, Images.VLLM);
    cluster.pretendDevices("example.com/gpu", 1);
    cluster
        .kubectl()
        .apply(
            Manifests.instanceType(
                "e2e-pretended-gpu",
                "e2e-pretended",
                "cores: 1",
                "memory: 2Gi",
                "cpuRequest: 50m",
                "gpu: {count: 1, resource: example.com/gpu, memory: 80Gi, model: A100-80GB}"));
    project.apply(
        """
        apiVersion: mistraloperator.io/v1alpha1
        kind: InferenceQuota
        metadata: {name: default}
        spec: {families: [{name: e2e-pretended, cores: 2}]}
        """);
    project.deploy("blind", "instanceType: e2e-pretended-gpu");
    await("the cause")
        .atMost(START)
        .untilAsserted(
            () ->
                assertThat(project.deploymentConditions("blind"))
                    .filteredOn(condition -> condition.getReason().equals("GpusNotUsed"))
                    .extracting(Condition::getType)
                    .contains("Ready", "EngineReady", "Stalled"));
    assertThat(project.awaitCause("blind", "GpusNotUsed").getMessage())
        .contains("GPUs planned: 1; this build of vLLM computes on the CPU", "images.vllm");
    assertThat(project.deployment("blind").getStatus().provisioningState())
        .isEqualTo(ProvisioningState.Failed);
  }

  private void awaitAnswer() {
    await("an answer")
        .atMost(START)
        .untilAsserted(
            () ->
                assertThat(project.application(DEPLOYMENT).chat("Hi").text())
                    .isEqualTo(Application.GREETING));
  }
}
