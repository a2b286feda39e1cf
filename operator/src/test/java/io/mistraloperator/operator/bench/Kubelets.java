package io.mistraloperator.operator.bench;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.mistraloperator.operator.flow.ServedEngine;
import io.mistraloperator.operator.flow.ServedSlice;
import java.net.HttpURLConnection;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Does what the Deployment controller, the scheduler and kubelets do when all goes well: pods come
 * and are ready at once, and the Deployment says so.
 */
final class Kubelets implements AutoCloseable {
  private static final int AT_ONCE = 4;

  private final KubernetesClient client;
  private final ExecutorService executor = Executors.newFixedThreadPool(AT_ONCE);
  private final SharedIndexInformer<Deployment> informer;

  Kubelets(KubernetesClient client) {
    this.client = client;
    this.informer =
        client
            .apps()
            .deployments()
            .inAnyNamespace()
            .inform(
                new ResourceEventHandler<>() {
                  @Override
                  public void onAdd(Deployment deployment) {
                    executor.execute(() -> serve(deployment));
                  }

                  @Override
                  public void onUpdate(Deployment before, Deployment now) {
                    if (!ServedEngine.isReported(now)) {
                      executor.execute(() -> serve(now));
                    }
                  }

                  @Override
                  public void onDelete(Deployment deployment, boolean unknown) {}
                });
  }

  private void serve(Deployment deployment) {
    int replicas = deployment.getSpec().getReplicas();
    for (int number = 0; number < replicas; number++) {
      pod(deployment, number);
    }
    client.resource(ServedSlice.of(deployment, replicas)).forceConflicts().serverSideApply();
    try {
      client
          .resource(
              new DeploymentBuilder(deployment).withStatus(ServedEngine.status(deployment)).build())
          .updateStatus();
    } catch (KubernetesClientException e) {
      // There is a newer one, and the informer tells of it.
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }

  private void pod(Deployment deployment, int number) {
    var template = deployment.getSpec().getTemplate();
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withName(deployment.getMetadata().getName() + "-" + number)
            .withNamespace(deployment.getMetadata().getNamespace())
            .withLabels(template.getMetadata().getLabels())
            .endMetadata()
            .withSpec(template.getSpec())
            .build();
    try {
      ready(client.resource(pod).create());
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }

  private void ready(Pod pod) {
    pod.setStatus(
        new PodStatusBuilder()
            .withPhase("Running")
            .addNewCondition()
            .withType("Ready")
            .withStatus("True")
            .endCondition()
            .addNewContainerStatus()
            .withName(pod.getSpec().getContainers().getFirst().getName())
            .withImage(pod.getSpec().getContainers().getFirst().getImage())
            .withImageID("")
            .withReady(true)
            .withRestartCount(0)
            .withNewState()
            .withNewRunning()
            .endRunning()
            .endState()
            .endContainerStatus()
            .build());
    client.resource(pod).updateStatus();
  }

  @Override
  public void close() {
    informer.close();
    executor.close();
  }
}
