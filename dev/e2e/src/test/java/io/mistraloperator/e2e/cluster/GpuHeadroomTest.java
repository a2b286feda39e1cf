package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Event;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.images.builder.ImageFromDockerfile;

/**
 * New versions where GPUs are what is scarce. The node only says that it has some, so that the
 * scheduler and the API server decide as they would; another engine computes.
 */
@RealCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GpuHeadroomTest {
  /** Calls a second. */
  private static final int RATE = 20;

  private static final String GPU = "example.com/gpu";
  private static final String MACHINE = "instanceType: e2e-one-gpu";
  private static final String NEW_VERSION = "contextLength: 2048";

  /** Takes no notice of vLLM's arguments. */
  private static final String ENGINE =
      """
      FROM %s AS models
      FROM %s
      COPY --from=models /models/tiny-scripted.gguf /opt/tiny.gguf
      ENV ENGINE_PORT=8000
      ENTRYPOINT ["/bin/sh", "-c", "exec /opt/mistral/entrypoint.sh --model /opt/tiny.gguf --parallel 4"]
      """
          .formatted(Images.TINY_MODELS, Images.LLAMACPP);

  private final Cluster cluster;

  GpuHeadroomTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void pretend() {
    String engine =
        new ImageFromDockerfile(Images.image("pretended-gpu-engine"), false)
            .withFileFromString("Dockerfile", ENGINE)
            .get();
    cluster.load(engine);
    DockerClientFactory.lazyClient().removeImageCmd(engine).exec();
    cluster.tag(engine, Images.VLLM);
    cluster
        .kubectl()
        .apply(
            Manifests.instanceType(
                "e2e-one-gpu",
                "e2e-one-gpu",
                "cores: 1",
                "memory: 2Gi",
                "cpuRequest: 50m",
                "gpu: {count: 1, resource: " + GPU + ", memory: 80Gi, model: A100-80GB}"));
  }

  @Test
  @DisplayName(
      "T-U1 a node with exactly the GPUs in use: the downtime is told, the old one goes, the new one comes")
  void replacesWithoutASpareGpu() {
    cluster.pretendDevices(GPU, 1);
    try (Project project = project("tight")) {
      project.deployReady("only", MACHINE);
      List<String> old = project.engineUids("only");
      project.deploy("only", MACHINE, NEW_VERSION);
      awaitNewVersion(project, old);
      assertThat(plans(project))
          .hasSize(2)
          .anySatisfy(plan -> assertThat(plan).contains("one more instance starts"))
          .anySatisfy(
              plan ->
                  assertThat(plan).contains("Insufficient " + GPU, "nothing answers for up to"));
      assertThat(project.deployment("only").getStatus().rollout()).isNull();
    }
  }

  @Test
  @DisplayName("T-U2 a spare GPU: 20 calls a second through the whole rollout, and none fails")
  void surgesOntoASpareGpu() {
    cluster.pretendDevices(GPU, 2);
    try (Project project = project("spare")) {
      project.deployReady("only", MACHINE);
      List<String> old = project.engineUids("only");
      try (var calls = new RequestLoop(project.application("only"), RATE)) {
        project.deploy("only", MACHINE, NEW_VERSION);
        awaitNewVersion(project, old);
        calls.assertUninterrupted();
      }
      assertThat(plans(project))
          .singleElement()
          .satisfies(plan -> assertThat(plan).contains("one more instance starts"));
    }
  }

  @Test
  @DisplayName(
      "T-Q6 a ResourceQuota on GPUs that is used up: no surge, and the plan says so; with one to spare it surges")
  void keepsToANamespacesQuota() {
    cluster.pretendDevices(GPU, 2);
    try (Project project = project("bounded")) {
      limit(project, 1);
      project.deployReady("only", MACHINE);
      List<String> first = project.engineUids("only");
      project.deploy("only", MACHINE, NEW_VERSION);
      awaitNewVersion(project, first);
      assertThat(project.events())
          .filteredOn(event -> event.getReason().equals("RolloutPlanned"))
          .filteredOn(event -> event.getType().equals("Warning"))
          .singleElement()
          .extracting(Event::getMessage)
          .satisfies(
              plan ->
                  assertThat(plan)
                      .contains(
                          "exceeded quota: native",
                          "requests." + GPU + "=1",
                          "nothing answers for up to"));

      limit(project, 2);
      int told = plans(project).size();
      List<String> second = project.engineUids("only");
      project.deploy("only", MACHINE, "contextLength: 1024");
      awaitNewVersion(project, second);
      assertThat(plans(project))
          .hasSize(told + 1)
          .last()
          .satisfies(plan -> assertThat(plan).contains("one more instance starts"));
    }
  }

  private Project project(String purpose) {
    Project project = cluster.project("gpu-" + purpose);
    project.apply(
        """
        apiVersion: mistraloperator.io/v1alpha1
        kind: InferenceQuota
        metadata: {name: default}
        spec: {families: [{name: e2e-one-gpu, cores: 2}]}
        """);
    return project;
  }

  private static void limit(Project project, int gpus) {
    project.apply(
        """
        apiVersion: v1
        kind: ResourceQuota
        metadata: {name: native}
        spec: {hard: {requests.%s: "%d"}}
        """
            .formatted(GPU, gpus));
  }

  private static void awaitNewVersion(Project project, List<String> old) {
    await("the new version to serve alone")
        .atMost(Project.START)
        .until(
            () ->
                project.rolledOut("only")
                    && project.engines("only").size() == 1
                    && !project.engineUids("only").equals(old));
  }

  /** What was told before it was done, oldest first. */
  private static List<String> plans(Project project) {
    return project.events().stream()
        .filter(event -> event.getInvolvedObject().getName().equals("only"))
        .filter(event -> event.getReason().equals("RolloutPlanned"))
        .sorted((one, other) -> one.getFirstTimestamp().compareTo(other.getFirstTimestamp()))
        .map(Event::getMessage)
        .toList();
  }
}
