package io.mistraloperator.operator.scaling;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.kube.PodPages;
import io.mistraloperator.operator.scaling.Answer.Failed;
import io.mistraloperator.operator.scaling.Answer.Said;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks every gateway for its load, all at once and for a bounded time. */
@Singleton
public class LoadPoller {
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final String TOO_SLOW = "it does not answer within " + LIMIT.toSeconds() + " s";
  private static final long MOST_BYTES = 16L << 20;

  private final GatewayPods pods;
  private final int port;
  private final HttpClient http = PodPages.client(LIMIT);

  public LoadPoller(GatewayPods pods, OperatorConfig config) {
    this.pods = pods;
    this.port = config.gateway().managementPort();
  }

  /** Answers of all gateways that run. Takes two seconds at most. */
  List<Answer> ask() {
    var asked = pods.running().stream().map(this::ask).toList();
    return asked.stream().map(CompletableFuture::join).toList();
  }

  /** Nobody wants to know for now. */
  void rest() {
    pods.close();
  }

  private CompletableFuture<Answer> ask(Pod pod) {
    String name = pod.getMetadata().getName();
    var request =
        HttpRequest.newBuilder(PodPages.page(pod.getStatus().getPodIP(), port, "/load"))
            .timeout(LIMIT)
            .build();
    var exchange =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), MOST_BYTES));
    return exchange
        .<Answer>thenApply(response -> new Said(name, report(response)))
        // The time-out of a request ends with its headers.
        .orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(
            failure -> {
              exchange.cancel(true);
              return failed(pod, failure);
            });
  }

  private static LoadReport report(HttpResponse<String> response) {
    if (response.statusCode() != 200) {
      throw new IllegalArgumentException("it answers with status " + response.statusCode());
    }
    return LoadReport.parse(response.body());
  }

  private static Failed failed(Pod pod, Throwable failure) {
    return new Failed(
        pod.getMetadata().getName(),
        Readiness.isPodReady(pod),
        pod.isMarkedForDeletion(),
        cause(failure instanceof CompletionException e ? e.getCause() : failure));
  }

  private static String cause(Throwable failure) {
    return switch (failure) {
      case ConnectException ignored -> "it takes no connection";
      case HttpTimeoutException ignored -> TOO_SLOW;
      case TimeoutException ignored -> TOO_SLOW;
      case IllegalArgumentException e -> e.getMessage();
      case IOException ignored -> "the connection breaks";
      default -> failure.toString();
    };
  }

  @PreDestroy
  void close() {
    http.shutdownNow();
  }
}
