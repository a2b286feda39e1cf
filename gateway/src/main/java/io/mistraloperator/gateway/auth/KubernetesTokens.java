package io.mistraloperator.gateway.auth;

import io.mistraloperator.gateway.route.Access;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Checks tokens with the cluster, a few at a time so that its API server is never flooded. */
final class KubernetesTokens implements Tokens<Access.Kubernetes> {
  private static final int AT_ONCE = 4;
  private static final int MOST_WAITING = 256;
  private static final int LONGEST_TOKEN = 16 * 1024;

  private final TokenReviewer reviewer;
  private final Duration patience;
  private final WorkerExecutor workers;
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * Makes a check.
   *
   * @param patience how long a verdict may take, the wait for other reviews included
   */
  KubernetesTokens(Vertx vertx, TokenReviewer reviewer, Duration patience) {
    this.reviewer = reviewer;
    this.patience = patience;
    this.workers = vertx.createSharedWorkerExecutor("token-review", AT_ONCE);
  }

  @Override
  public Future<Verdict> check(String token, Access.Kubernetes access) {
    if (token.length() > LONGEST_TOKEN) {
      return Future.succeededFuture(new Verdict.Invalid());
    }
    if (waiting.incrementAndGet() > MOST_WAITING) {
      waiting.decrementAndGet();
      return Future.failedFuture("too many tokens wait for a review");
    }
    return workers
        .executeBlocking(() -> verdict(token, access), false)
        .onComplete(done -> waiting.decrementAndGet())
        .timeout(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Verdict verdict(String token, Access.Kubernetes access) {
    return reviewer
        .review(token, access.audiences())
        .<Verdict>map(found -> Verdict.Genuine.of(found.user(), found.groups()))
        .orElseGet(Verdict.Invalid::new);
  }
}
