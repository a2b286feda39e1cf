package io.mistraloperator.gateway.auth;

import com.fasterxml.jackson.databind.JsonNode;
import io.mistraloperator.gateway.json.Json;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;

/**
 * The public keys of one issuer (OpenID Connect Discovery 1.0, RFC 7517). Read once they are needed
 * and again from time to time, while those that are known go on being used; a token with a key that
 * is not among them has them read at once, but not more often than tokens of strangers should be
 * able to cause. Thread-safe.
 */
final class IssuerKeys {
  /** Age at which keys are read again. */
  static final Duration STALE = Duration.ofMinutes(10);

  /** Shortest time from one read to the next. */
  static final Duration PAUSE = Duration.ofSeconds(30);

  private static final Logger LOG = Logger.getLogger(IssuerKeys.class);
  private static final String DISCOVERY = "/.well-known/openid-configuration";

  private final String issuer;
  private final JsonSource source;
  private final LongSupplier nanos;
  private Optional<JsonWebKeySet> known = Optional.empty();
  private Optional<Future<JsonWebKeySet>> reading = Optional.empty();
  private OptionalLong tried = OptionalLong.empty();
  private long readAt;

  IssuerKeys(String issuer, JsonSource source, LongSupplier nanos) {
    this.issuer = issuer;
    this.source = source;
    this.nanos = nanos;
  }

  /**
   * The keys.
   *
   * @param keyId of the key that a token needs; empty where it names none
   * @return fails when there are none and none can be read
   */
  synchronized Future<JsonWebKeySet> get(Optional<String> keyId) {
    boolean has = known.isPresent() && keyId.map(this::knows).orElse(true);
    if (has) {
      if (nanos.getAsLong() - readAt > STALE.toNanos() && mayRead()) {
        read();
      }
      return Future.succeededFuture(known.get());
    }
    return known
        .map(this::after)
        .orElseGet(
            () ->
                mayRead()
                    ? read()
                    : Future.failedFuture("the keys of " + issuer + " could not be read"));
  }

  /**
   * The keys for a token that names none and that {@code others} do not fit: it may be signed with
   * a key that is newer than they are.
   *
   * @return the same where they may not be read again yet, or cannot be
   */
  synchronized Future<JsonWebKeySet> after(JsonWebKeySet others) {
    JsonWebKeySet newest = known.orElse(others);
    return newest == others && mayRead()
        ? read().otherwise(others)
        : Future.succeededFuture(newest);
  }

  private boolean knows(String keyId) {
    return known.orElseThrow().getJsonWebKeys().stream()
        .anyMatch(key -> keyId.equals(key.getKeyId()));
  }

  /** Whether they are being read, or it has been long enough since they were. */
  private boolean mayRead() {
    return reading.isPresent()
        || tried.isEmpty()
        || nanos.getAsLong() - tried.getAsLong() >= PAUSE.toNanos();
  }

  private Future<JsonWebKeySet> read() {
    if (reading.isPresent()) {
      return reading.get();
    }
    tried = OptionalLong.of(nanos.getAsLong());
    Future<JsonWebKeySet> keys =
        source.get(withoutSlash(issuer) + DISCOVERY).compose(this::location).map(IssuerKeys::parse);
    reading = Optional.of(keys);
    keys.onComplete(
        done -> {
          synchronized (this) {
            reading = Optional.empty();
            if (done.succeeded()) {
              known = Optional.of(done.result());
              readAt = nanos.getAsLong();
            } else {
              LOG.warnf("The keys of issuer %s cannot be read: %s", issuer, done.cause());
            }
          }
        });
    return keys;
  }

  private Future<byte[]> location(byte[] discovery) {
    JsonNode document = Json.parse(discovery).orElseThrow();
    String named = document.path("issuer").asText();
    String keys = document.path("jwks_uri").asText();
    if (!named.equals(issuer)) {
      return Future.failedFuture("the document at " + issuer + DISCOVERY + " is of another issuer");
    }
    return keys.isEmpty()
        ? Future.failedFuture("the document at " + issuer + DISCOVERY + " has no jwks_uri")
        : source.get(keys);
  }

  private static JsonWebKeySet parse(byte[] document) {
    try {
      return new JsonWebKeySet(new String(document, StandardCharsets.UTF_8));
    } catch (JoseException e) {
      throw new IllegalArgumentException("not a set of keys", e);
    }
  }

  private static String withoutSlash(String url) {
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }
}
