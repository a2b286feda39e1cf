package io.mistraloperator.operator.flow;

import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.util.Objects;

/** What Kubernetes' own controllers and kubelets report of engines. */
final class Reports {
  private final World world;

  Reports(World world) {
    this.world = world;
  }

  /** What the Deployment controller and a kubelet do when all goes well. */
  void serve(String namespace, String name) {
    world.until("the engine of " + name, () -> world.engine(namespace, name).isPresent());
    var deployment = world.engine(namespace, name).orElseThrow();
    report(deployment, ServedEngine.status(deployment));
  }

  /** As many instances as are ready are listed as well. */
  void report(Deployment deployment, DeploymentStatus status) {
    list(deployment, Objects.requireNonNullElse(status.getReadyReplicas(), 0));
    reportUnlisted(deployment, status);
  }

  /** What the EndpointSlice controller does when so many instances of an engine are ready. */
  void list(Deployment deployment, int ready) {
    world.client.resource(ServedSlice.of(deployment, ready)).forceConflicts().serverSideApply();
  }

  /** Again when the operator has just applied the same object, as a controller would. */
  void reportUnlisted(Deployment deployment, DeploymentStatus status) {
    var reported =
        world
            .client
            .apps()
            .deployments()
            .inNamespace(deployment.getMetadata().getNamespace())
            .withName(deployment.getMetadata().getName());
    world.until(
        "the status of " + deployment.getMetadata().getName() + " is reported",
        () -> {
          try {
            reported.editStatus(
                now -> {
                  now.setStatus(status);
                  return now;
                });
            return true;
          } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
              return false;
            }
            throw e;
          }
        });
  }

  /** A pod of an engine with a status, as a kubelet would report it. */
  Pod pod(Deployment deployment, String name, String statusYaml) {
    var pod =
        world
            .client
            .pods()
            .resource(
                new PodBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .withNamespace(deployment.getMetadata().getNamespace())
                    .withLabels(deployment.getSpec().getTemplate().getMetadata().getLabels())
                    .endMetadata()
                    .withSpec(deployment.getSpec().getTemplate().getSpec())
                    .build())
            .create();
    return report(pod, statusYaml);
  }

  /** What the scheduler does with a pod. */
  void onNode(Pod pod, String node) {
    world
        .client
        .resource(
            new BindingBuilder()
                .withNewMetadata()
                .withName(pod.getMetadata().getName())
                .withNamespace(pod.getMetadata().getNamespace())
                .endMetadata()
                .withNewTarget()
                .withKind("Node")
                .withName(node)
                .endTarget()
                .build())
        .create();
  }

  Pod report(Pod pod, String statusYaml) {
    return world
        .client
        .pods()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName(pod.getMetadata().getName())
        .editStatus(
            now -> {
              now.setStatus(Serialization.unmarshal(statusYaml, PodStatus.class));
              return now;
            });
  }
}
