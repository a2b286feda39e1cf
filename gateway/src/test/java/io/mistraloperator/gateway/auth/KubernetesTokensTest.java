package io.mistraloperator.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.gateway.auth.TokenReviewer.Reviewed;
import io.mistraloperator.gateway.route.Access;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A7.3 a cluster that answers late")
class KubernetesTokensTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final Vertx vertx = Vertx.vertx();
  private final CountDownLatch answers = new CountDownLatch(1);
  private final Access.Kubernetes access =
      new Access.Kubernetes(List.of("chat"), Set.of("tina"), Set.of());

  private Optional<Reviewed> review(String token, List<String> audiences) {
    try {
      answers.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return Optional.of(new Reviewed("tina", List.of()));
  }

  @AfterEach
  void stop() {
    answers.countDown();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  @DisplayName("keeps nobody waiting beyond the patience, and is asked again afterwards")
  void patience() {
    KubernetesTokens tokens = new KubernetesTokens(vertx, this::review, Duration.ofMillis(50));
    List<Future<Verdict>> early =
        List.of("a", "b", "c", "d", "e").stream().map(each -> tokens.check(each, access)).toList();

    await().atMost(SOON).until(() -> early.stream().allMatch(Future::failed));
    assertThat(early).allMatch(each -> each.cause() instanceof TimeoutException);

    answers.countDown();
    await()
        .atMost(SOON)
        .until(
            () -> {
              Future<Verdict> late = tokens.check("a", access);
              await().atMost(SOON).until(late::isComplete);
              return late.succeeded() && late.result() instanceof Verdict.Genuine;
            });
  }
}
