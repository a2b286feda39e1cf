package io.mistraloperator.gateway.auth;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import io.mistraloperator.gateway.route.Access;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Remembers verdicts for a while, by the digest of the token. Requests that bring the same token at
 * the same time share one check; a check that fails is not remembered. Thread-safe.
 */
final class VerdictCache {
  private static final int MOST = 10_000;

  private final Vertx vertx;
  private final AsyncCache<Key, Verdict> verdicts;

  private record Key(String digest, Access access) {}

  /**
   * Makes an empty cache.
   *
   * @param genuine how long a good verdict is believed at most; never beyond the token's own end
   * @param invalid how long a bad one is
   */
  VerdictCache(Vertx vertx, Clock clock, Duration genuine, Duration invalid) {
    this.vertx = vertx;
    Ticker ticker = () -> Duration.ofMillis(clock.millis()).toNanos();
    verdicts =
        Caffeine.newBuilder()
            .maximumSize(MOST)
            .ticker(ticker)
            .expireAfter(
                Expiry.<Key, Verdict>creating(
                    (key, verdict) -> lifetime(verdict, clock, genuine, invalid)))
            .buildAsync();
  }

  private static Duration lifetime(
      Verdict verdict, Clock clock, Duration genuine, Duration invalid) {
    return switch (verdict) {
      case Verdict.Invalid() -> invalid;
      case Verdict.Genuine good -> {
        long left = good.expires() - clock.instant().getEpochSecond();
        yield Duration.ofSeconds(Math.clamp(left, 0, genuine.toSeconds()));
      }
    };
  }

  /**
   * The verdict on a token; complete already where it is known, else told on the caller's event
   * loop.
   */
  Future<Verdict> get(String token, Access access, Supplier<Future<Verdict>> check) {
    CompletableFuture<Verdict> verdict =
        verdicts.get(
            new Key(digest(token), access),
            (key, executor) -> check.get().toCompletionStage().toCompletableFuture());
    return verdict.isDone() && !verdict.isCompletedExceptionally()
        ? Future.succeededFuture(verdict.join())
        : Future.fromCompletionStage(verdict, vertx.getOrCreateContext());
  }

  private static String digest(String token) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
