package io.mistraloperator.operator.scaling;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.mistraloperator.operator.config.OperatorConfig;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** The gateway's pods. They are watched only while somebody needs to know them. */
@Singleton
public class GatewayPods {
  private final KubernetesClient client;
  private final OperatorConfig config;
  private Optional<SharedIndexInformer<Pod>> informer = Optional.empty();

  public GatewayPods(KubernetesClient client, OperatorConfig config) {
    this.client = client;
    this.config = config;
  }

  /**
   * Pods that run and have an address, as last seen.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException when they cannot be listed
   */
  synchronized List<Pod> running() {
    var watched = informer.filter(SharedIndexInformer::isRunning);
    if (watched.isEmpty()) {
      close();
      watched =
          Optional.of(
              client
                  .pods()
                  .inNamespace(config.namespace())
                  .withLabels(config.gateway().labels().byKey())
                  .inform());
      informer = watched;
    }
    return watched.get().getStore().list().stream()
        .filter(pod -> pod.getStatus() != null && "Running".equals(pod.getStatus().getPhase()))
        .filter(pod -> pod.getStatus().getPodIP() != null)
        .toList();
  }

  /** Ends the watch. */
  @PreDestroy
  synchronized void close() {
    informer.ifPresent(SharedIndexInformer::close);
    informer = Optional.empty();
  }
}
