package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Status names the first concrete cause within 30 s, and forgets it when it is gone. */
@RealCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatusTruthTest {
  private static final String ABSENT_IMAGE = "mistraloperator/no-such-model:1";
  private static final String SCRIPTED =
      Manifests.imageSource(Images.TINY_MODELS, "/models/tiny-scripted.gguf");

  private final Cluster cluster;
  private Project project;

  StatusTruthTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void enter() {
    project = cluster.project("truth");
  }

  @AfterAll
  void leave() {
    project.close();
  }

  @Test
  @DisplayName("T-S1 an image that cannot be pulled is named, and forgotten when it is replaced")
  void namesAMissingImage() {
    project.deploy("pull", Manifests.imageSource(ABSENT_IMAGE, "/models/tiny-scripted.gguf"));
    Condition cause = project.awaitCause("pull", ABSENT_IMAGE);
    assertThat(Project.said(cause)).containsPattern("ImagePull|ErrImage");
    assertThat(ready("pull").getStatus()).isEqualTo("False");
    project.deploy("pull", SCRIPTED);
    project.awaitReady("mistraldeployment/pull");
    project.awaitCleared("pull", ABSENT_IMAGE);
    assertThat(warnings("pull"))
        .as("one event for each condition that turned")
        .isNotEmpty()
        .doesNotHaveDuplicates()
        .allSatisfy(warning -> assertThat(warning).startsWith("1 x "));
  }

  @Test
  @DisplayName("T-S2 a crash at load is told with exit code and log line")
  void tellsACrash() {
    // A file that is no model: llama.cpp ends with 1 at once.
    project.deploy("crash", Manifests.imageSource(Images.TINY_MODELS, "/bin/cp"));
    Condition cause = project.awaitCause("crash", "exit code 1");
    assertThat(Project.said(cause))
        .as("the engine's own words")
        .containsPattern("model|gguf|magic");
    project.deploy("crash", SCRIPTED);
    project.awaitReady("mistraldeployment/crash");
    project.awaitCleared("crash", "exit code");
  }

  @Test
  @DisplayName("T-S3 an engine that the kernel kills for memory is told as OOMKilled")
  void tellsLackOfMemory() {
    // The entry claims a thousandth of the KV cache that llama.cpp then really takes: 2 GiB.
    cluster.kubectl().apply(Manifests.model("e2e-liar", "E2E-Liar", 1048576, 2, ""));
    project.deploy("memory", "model: E2E-Liar", "contextLength: 1048576");
    project.awaitCause("memory", "OOMKilled");
  }

  @Test
  @DisplayName("T-S4 a node selector that no node has is told in the scheduler's words")
  void tellsWhatTheSchedulerSays() {
    project.deploy("placed", "scheduling: {nodeSelector: {e2e-zone: here}}");
    project.awaitCause("placed", "0/1 nodes are available", "affinity/selector");
    String node = cluster.client().nodes().list().getItems().getFirst().getMetadata().getName();
    cluster.kubectl().run("label", "node", node, "e2e-zone=here").orFail();
    project.awaitReady("mistraldeployment/placed");
    project.awaitCleared("placed", "nodes are available");
  }

  @Test
  @DisplayName(
      "T-S4, D2.23, D2.24 GPUs need quota first; then that no node has them is told in the"
          + " scheduler's words")
  void tellsAMissingGpu() {
    cluster
        .kubectl()
        .apply(
            Manifests.instanceType(
                "e2e-gpu",
                "e2e-gpus",
                "cores: 1",
                "memory: 1Gi",
                "cpuRequest: 50m",
                "gpu: {count: 1, memory: 80Gi, model: A100-80GB}"));
    project.deploy("gpu", "instanceType: e2e-gpu");
    project.awaitCause("gpu", "OutOfQuota", "at least 2 for e2e-gpus in InferenceQuota default");
    assertThat(project.engines("gpu")).isEmpty();
    project.apply(
        """
        apiVersion: mistraloperator.io/v1alpha1
        kind: InferenceQuota
        metadata: {name: default}
        spec: {families: [{name: e2e-gpus, cores: 2}]}
        """);
    project.awaitCause("gpu", "Insufficient nvidia.com/gpu");
  }

  @Test
  @DisplayName(
      "T-Q3 what a ResourceQuota on GPUs refuses is told in its words, until it allows them and they run")
  void tellsWhatAResourceQuotaRefuses() {
    String gpu = "example.com/e2e-gpu";
    cluster
        .kubectl()
        .apply(
            Manifests.instanceType(
                "e2e-bounded",
                "e2e-bounded",
                "cores: 1",
                "memory: 1Gi",
                "cpuRequest: 50m",
                "gpu: {count: 2, resource: " + gpu + ", memory: 80Gi, model: A100-80GB}"));
    cluster.pretendDevices(gpu, 4);
    try (Project bounded = cluster.project("bounded")) {
      bounded.apply(
          """
          apiVersion: mistraloperator.io/v1alpha1
          kind: InferenceQuota
          metadata: {name: default}
          spec: {families: [{name: e2e-bounded, cores: 3}]}
          """);
      bounded.apply(resourceQuota("requests." + gpu, 1));
      bounded.deploy("gpus", "instanceType: e2e-bounded", "instances: 2");
      Condition cause =
          bounded.awaitCause("gpus", "PodsRefused", "exceeded quota: native", "requests." + gpu);
      assertThat(cause.getMessage()).contains("=2", "limited: requests." + gpu + "=1");
      assertThat(bounded.engines("gpus")).isEmpty();
      assertThat(bounded.deploymentConditions("gpus"))
          .extracting(Project::said)
          .anyMatch(said -> said.startsWith("QuotaSatisfied=True"));

      bounded.apply(resourceQuota("requests." + gpu, 4));
      await("the GPUs of the node to be given to both")
          .atMost(Project.START)
          .until(
              () ->
                  bounded.engines("gpus").stream()
                          .filter(pod -> pod.getSpec().getNodeName() != null)
                          .count()
                      == 2);
      bounded.awaitCleared("gpus", "exceeded quota");
    }
  }

  @Test
  @DisplayName("T-Q3 what a LimitRange refuses is told in its words, until it allows the instance")
  void tellsWhatALimitRangeRefuses() {
    try (Project bounded = cluster.project("bounded")) {
      bounded.apply(limitRange("512Mi"));
      bounded.deploy("large");
      Condition cause = bounded.awaitCause("large", "Ready=False PodsRefused");
      assertThat(cause.getMessage())
          .contains("maximum memory usage per Container is 512Mi, but limit is 768Mi");
      bounded.apply(limitRange("1Gi"));
      bounded.awaitReady("mistraldeployment/large");
      bounded.awaitCleared("large", "PodsRefused");
    }
  }

  private static String limitRange(String memory) {
    return """
    apiVersion: v1
    kind: LimitRange
    metadata: {name: native}
    spec: {limits: [{type: Container, max: {memory: %s}}]}
    """
        .formatted(memory);
  }

  private static String resourceQuota(String resource, int most) {
    return """
    apiVersion: v1
    kind: ResourceQuota
    metadata: {name: native}
    spec: {hard: {%s: "%d"}}
    """
        .formatted(resource, most);
  }

  @Test
  @DisplayName(
      "T-S5 a missing claim, then its missing storage class, are named until both are there")
  void namesAMissingClaim() {
    project.deploy("claim", "source: {pvc: {claimName: weights, path: tiny-scripted.gguf}}");
    project.awaitCause("claim", "weights");
    project.apply(claim("weights", "no-such-class"));
    project.awaitCause("claim", "no-such-class");
    project.kubectl("delete", "pvc", "weights", "--wait=false").orFail();
    await("the claim to go")
        .atMost(Project.TRUTH)
        .until(() -> project.kubectl("get", "pvc", "weights").exitCode() != 0);
    project.apply(claim("weights", "local-path") + "---\n" + filler("weights"));
    project.awaitReady("mistraldeployment/claim");
    project.awaitCleared("claim", "no-such-class");
    assertThat(project.application("claim").chat("Hi").text()).isEqualTo(Application.GREETING);
  }

  @Test
  @DisplayName("T-S5 a machine type or model that does not exist is named")
  void namesMissingCatalogueEntries() {
    project.deploy("typeless", "instanceType: no-such-type");
    project.deploy("modelless", "model: No-Such-Model");
    project.awaitCause("typeless", "no-such-type");
    project.awaitCause("modelless", "No-Such-Model");
    cluster
        .kubectl()
        .apply(
            Manifests.instanceType(
                "no-such-type", "e2e", "cores: 1", "memory: 768Mi", "cpuRequest: 50m"));
    project.awaitReady("mistraldeployment/typeless");
    project.awaitCleared("typeless", "no-such-type does not exist");
  }

  @Test
  @DisplayName("A model that cannot fit is refused with the arithmetic, before any pod exists")
  void refusesWhatCannotFit() {
    cluster.kubectl().apply(Manifests.model("e2e-big", "E2E-Big", 1048576, 1048576, ""));
    project.deploy("big", "model: E2E-Big", "contextLength: 1048576");
    Condition cause = project.awaitCause("big", "Ready=False", "KV");
    assertThat(cause.getMessage()).containsIgnoringCase("GiB");
    assertThat(project.engines("big")).isEmpty();
  }

  private Condition ready(String deployment) {
    return project.deploymentConditions(deployment).stream()
        .filter(condition -> condition.getType().equals("Ready"))
        .findFirst()
        .orElseThrow();
  }

  /** Warnings about a deployment: how often, and the condition's type and reason. */
  private List<String> warnings(String deployment) {
    return project.events().stream()
        .filter(event -> event.getInvolvedObject().getKind().equals("MistralDeployment"))
        .filter(event -> event.getInvolvedObject().getName().equals(deployment))
        .filter(event -> event.getType().equals("Warning"))
        .map(
            event ->
                "%d x %s: %s"
                    .formatted(
                        Objects.requireNonNullElse(event.getCount(), 1),
                        event.getMessage().replaceFirst(":.*", ""),
                        event.getReason()))
        .toList();
  }

  private static String claim(String name, String storageClass) {
    return """
    apiVersion: v1
    kind: PersistentVolumeClaim
    metadata: {name: %s}
    spec:
      storageClassName: %s
      accessModes: [ReadWriteOnce]
      resources: {requests: {storage: 64Mi}}
    """
        .formatted(name, storageClass);
  }

  /** Copies the tiny model into a claim. */
  private static String filler(String claim) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: filler}
    spec:
      restartPolicy: Never
      containers:
        - name: copy
          image: %s
          imagePullPolicy: Never
          command: [cp, /models/tiny-scripted.gguf, /weights/]
          volumeMounts: [{name: weights, mountPath: /weights}]
      securityContext: {runAsUser: 0}
      volumes: [{name: weights, persistentVolumeClaim: {claimName: %s}}]
    """
        .formatted(Images.TINY_MODELS, claim);
  }
}
