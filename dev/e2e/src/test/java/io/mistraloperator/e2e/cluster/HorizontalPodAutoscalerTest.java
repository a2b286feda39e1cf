package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.Pod;
import io.mistraloperator.api.MistralDeployment;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Kubernetes' own autoscaler has the number of instances, through {@code /scale}. */
@RealCluster
class HorizontalPodAutoscalerTest {
  private final Cluster cluster;

  HorizontalPodAutoscalerTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  @DisplayName(
      "T-Z7 an HPA sets the instances, the operator follows and never writes them; without it the spec says them again; no word of KEDA")
  void leavesTheNumberToAnAutoscaler() {
    try (Project project = cluster.project("hpa")) {
      project.deployReady("owned");
      // There are no metrics here: an HPA keeps to its bounds without any.
      autoscaler(project, 2, 3);
      runs(project, 2);
      assertThat(writersOfInstances(project)).contains("kube-controller-manager/scale");
      autoscaler(project, 1, 1);
      runs(project, 1);

      project.kubectl("delete", "hpa", "owned", "--wait=true").orFail();
      project.deploy("owned", "instances: 2");
      runs(project, 2);
      assertThat(writersOfInstances(project)).noneMatch(writer -> writer.contains("operator"));
    }
    assertThat(cluster.platformPods("operator"))
        .isNotEmpty()
        .extracting(this::log)
        .noneMatch(log -> log.toLowerCase(Locale.ROOT).contains("keda"))
        .noneMatch(log -> log.contains("HorizontalPodAutoscaler"));
  }

  private static void autoscaler(Project project, int least, int most) {
    project.apply(
        """
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: owned}
        spec:
          scaleTargetRef: {apiVersion: mistraloperator.io/v1alpha1, kind: MistralDeployment, name: owned}
          minReplicas: %d
          maxReplicas: %d
          metrics:
            - type: Resource
              resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}
        """
            .formatted(least, most));
  }

  private static void runs(Project project, int instances) {
    await(instances + " instances")
        .atMost(Project.START)
        .untilAsserted(
            () -> {
              MistralDeployment deployment = project.deployment("owned");
              assertThat(deployment.getSpec().instances()).isEqualTo(instances);
              assertThat(deployment.getStatus().instances().summary())
                  .isEqualTo(instances + "/" + instances);
              assertThat(project.engines("owned")).hasSize(instances);
              assertThat(project.rolledOut("owned")).as("rolled out").isTrue();
            });
  }

  /** Who has written {@code spec.instances}, as {@code manager/subresource}. */
  private static List<String> writersOfInstances(Project project) {
    return project.deployment("owned").getMetadata().getManagedFields().stream()
        .filter(
            entry ->
                entry.getFieldsV1().getAdditionalProperties().toString().contains("f:instances"))
        .filter(entry -> entry.getFieldsV1().getAdditionalProperties().containsKey("f:spec"))
        .map(HorizontalPodAutoscalerTest::writer)
        .toList();
  }

  private static String writer(ManagedFieldsEntry entry) {
    return entry.getManager() + "/" + entry.getSubresource();
  }

  private String log(Pod pod) {
    return cluster
        .client()
        .pods()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName(pod.getMetadata().getName())
        .getLog();
  }
}
