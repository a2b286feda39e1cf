package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Weights of a gated repository, from a stand-in for the hub, in a shared cache. */
@RealCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WeightsTest {
  private static final Path STAND_IN =
      Chart.ROOT.resolve("inference-image/fetcher/tests/stand_in.py");
  private static final String FILE =
      "repository: mistralai/tiny, file: tiny-scripted.gguf, endpoint: 'http://hub:8000'";
  private static final String GATED = "source: {huggingFace: {%s}}".formatted(FILE);
  private static final String WITH_TOKEN =
      "source: {huggingFace: {%s, tokenSecretRef: {name: hub-token}}}".formatted(FILE);
  private static final String SHARED = "cache: {claimName: models}";

  private final Cluster cluster;
  private Project project;

  WeightsTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void enter() throws IOException {
    project = cluster.project("weights");
    cluster
        .client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("hub")
                .withNamespace(project.name())
                .endMetadata()
                .addToData("stand_in.py", Files.readString(STAND_IN))
                .build())
        .create();
    project.apply(hub());
    project.apply(
        """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: models}
        spec:
          accessModes: [ReadWriteOnce]
          storageClassName: local-path
          resources: {requests: {storage: 50Mi}}
        """);
  }

  @AfterAll
  void leave() {
    project.close();
  }

  @Test
  @DisplayName(
      "T-M2, T-S5, T-M5 a gated model says what it lacks until it has it; two deployments fetch it once")
  void twoDeploymentsShareOneDownload() {
    project.deploy("one", GATED, SHARED);
    project.awaitCause("one", "FetchAccessDenied", "huggingFace.tokenSecretRef");
    project.deploy("one", WITH_TOKEN, SHARED);
    project.deploy("two", WITH_TOKEN, SHARED);
    project.awaitCause("one", "hub-token");
    project.kubectl("create", "secret", "generic", "hub-token", "--from-literal=token=wrong");
    project.awaitCause("two", "FetchAccessDenied", "Secret hub-token");
    project.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: hub-token}
        stringData: {token: hf_hush}
        """);
    // What waits between two tries of the kubelet starts at once when it is made anew.
    project.kubectl("delete", "pods", "-l", "app.kubernetes.io/component=engine").orFail();
    project.awaitReady("mistraldeployment/one");
    project.awaitReady("mistraldeployment/two");
    assertThat(project.application("two").chat("Hi").text()).isEqualTo(Application.GREETING);
    assertThat(project.kubectl("logs", "hub").orFail().lines())
        .filteredOn(line -> line.startsWith("content"))
        .as("downloads")
        .hasSize(1);
  }

  @Test
  @DisplayName(
      "T-M8 weights in a volume of the project's own: no token, and nothing is asked of anybody")
  void aVolumeOfTheProjects() {
    project.apply(filledVolume());
    project
        .kubectl("wait", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=90s", "pod/filler")
        .orFail();
    String asked = project.kubectl("logs", "hub").orFail();
    project.deployReady("volume", "source: {pvc: {claimName: filled, path: tiny-scripted.gguf}}");
    assertThat(project.application("volume").chat("Hi").text()).isEqualTo(Application.GREETING);
    assertThat(project.kubectl("logs", "hub").orFail()).isEqualTo(asked);
  }

  private static String filledVolume() {
    return """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: filled}
        spec:
          accessModes: [ReadWriteOnce]
          storageClassName: local-path
          resources: {requests: {storage: 50Mi}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: filler}
        spec:
          restartPolicy: Never
          containers:
          - name: filler
            image: %s
            imagePullPolicy: IfNotPresent
            args: [/models/tiny-scripted.gguf, /content/]
            volumeMounts: [{name: content, mountPath: /content}]
          securityContext: {runAsUser: 65532, runAsGroup: 65532, fsGroup: 65532}
          volumes:
          - {name: content, persistentVolumeClaim: {claimName: filled}}
        """
        .formatted(Images.TINY_MODELS);
  }

  @Test
  @DisplayName("T-M9 a deployment whose cache has no storage class says so, and goes in a minute")
  void aCacheThatCannotBeMadeHoldsNothingUp() {
    project.deploy("stuck", WITH_TOKEN, "cache: {size: 1Gi, storageClassName: no-such-class}");
    project.awaitCause("stuck", "no-such-class");
    project
        .kubectl("delete", "mistraldeployment/stuck", "--cascade=foreground", "--timeout=60s")
        .orFail();
    await("its claim to go")
        .atMost(Duration.ofSeconds(60))
        .until(() -> project.kubectl("get", "pvc", "stuck-cache").exitCode() != 0);
    project.kubectl("get", "pvc", "models").orFail();
  }

  private static String hub() {
    return """
        apiVersion: v1
        kind: Service
        metadata: {name: hub}
        spec:
          selector: {app: hub}
          ports: [{port: 8000}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: hub, labels: {app: hub}}
        spec:
          terminationGracePeriodSeconds: 0
          initContainers:
          - name: content
            image: %s
            imagePullPolicy: IfNotPresent
            args: [/models/tiny-scripted.gguf, /content/]
            volumeMounts: [{name: content, mountPath: /content}]
          containers:
          - name: hub
            image: %s
            imagePullPolicy: IfNotPresent
            command: [python3, /stand-in/stand_in.py, /content, "8000"]
            readinessProbe: {tcpSocket: {port: 8000}, periodSeconds: 1}
            volumeMounts:
            - {name: content, mountPath: /content}
            - {name: stand-in, mountPath: /stand-in}
          securityContext: {runAsUser: 65532, runAsGroup: 65532, fsGroup: 65532}
          volumes:
          - {name: content, emptyDir: {}}
          - {name: stand-in, configMap: {name: hub}}
        """
        .formatted(Images.TINY_MODELS, Images.MODEL_FETCHER);
  }
}
