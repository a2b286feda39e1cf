package io.mistraloperator.operator.route;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.kube.PodPages;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The gateways that read routes. What is written of a route is not told to its project before they
 * serve it, so that a status is never ahead of the answers.
 */
@Singleton
public class RouteReaders {
  private static final Logger LOG = Logger.getLogger(RouteReaders.class);

  /** A gateway itself gives up after two seconds. */
  private static final Duration LIMIT = Duration.ofSeconds(3);

  /** It serves that version. */
  private static final int SERVED = 200;

  /** It is of a version that does not tell. */
  private static final int UNKNOWN = 404;

  private final KubernetesClient client;
  private final OperatorConfig config;
  private final HttpClient http = PodPages.client(LIMIT);

  public RouteReaders(KubernetesClient client, OperatorConfig config) {
    this.client = client;
    this.config = config;
  }

  /**
   * Waits until every gateway that is ready serves this version of a route, three seconds at most:
   * one that does not answer keeps no endpoint from the others.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException when they cannot be listed
   */
  void await(InferenceRoute written) {
    var asked = ready().stream().map(gateway -> ask(gateway, written)).toList();
    asked.forEach(CompletableFuture::join);
  }

  private List<Pod> ready() {
    return client
        .pods()
        .inNamespace(config.namespace())
        .withLabels(config.gateway().labels().byKey())
        .list()
        .getItems()
        .stream()
        .filter(pod -> !pod.isMarkedForDeletion())
        .filter(pod -> pod.getStatus() != null && pod.getStatus().getPodIP() != null)
        .filter(Readiness::isPodReady)
        .toList();
  }

  private CompletableFuture<Void> ask(Pod gateway, InferenceRoute written) {
    var route = written.getMetadata();
    var page =
        PodPages.page(
            gateway.getStatus().getPodIP(),
            config.gateway().managementPort(),
            "/routes/%s?uid=%s&generation=%d"
                .formatted(route.getName(), route.getUid(), route.getGeneration()));
    var exchange =
        http.sendAsync(
            HttpRequest.newBuilder(page).timeout(LIMIT).build(), BodyHandlers.discarding());
    return exchange
        .orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (answer, failure) -> {
              String name = gateway.getMetadata().getName();
              if (failure != null) {
                LOG.warnf(
                    "Gateway %s does not say whether it serves route %s: %s",
                    name, route.getName(), failure);
              } else if (answer.statusCode() != SERVED && answer.statusCode() != UNKNOWN) {
                LOG.warnf(
                    "Gateway %s does not serve route %s as it is now written (status %d)",
                    name, route.getName(), answer.statusCode());
              }
              return null;
            });
  }

  @PreDestroy
  void close() {
    http.shutdownNow();
  }
}
