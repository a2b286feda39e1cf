package io.mistraloperator.gateway.testing;

import io.mistraloperator.gateway.json.Json;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** An OpenID Connect issuer that signs what a test wants. */
public final class TestIssuer implements AutoCloseable {
  private final HttpServer server;
  private final Clock clock;
  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private volatile EllipticCurveJsonWebKey key = newKey("key-1");
  private volatile List<EllipticCurveJsonWebKey> shown = List.of(key);
  private volatile boolean down;

  public TestIssuer(Vertx vertx, Clock clock) throws Exception {
    this.clock = clock;
    server = vertx.createHttpServer().requestHandler(this::answer);
    server
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
  }

  private void answer(HttpServerRequest request) {
    if (down) {
      failures.incrementAndGet();
      request.response().setStatusCode(500).end("out of order");
    } else if (request.path().equals("/keys")) {
      reads.incrementAndGet();
      request.response().end(new JsonWebKeySet(shown).toJson(OutputControlLevel.PUBLIC_ONLY));
    } else {
      request
          .response()
          .end(Json.object().put("issuer", url()).put("jwks_uri", url() + "/keys").toString());
    }
  }

  public String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  /** Signs with another key from now on, and shows that one alone. */
  public void rotate(String keyId) {
    key = newKey(keyId);
    shown = List.of(key);
  }

  /** Signs with another key from now on, and shows it behind those that there are. */
  public void add(String keyId) {
    key = newKey(keyId);
    shown = Stream.concat(shown.stream(), Stream.of(key)).toList();
  }

  /** Whether requests are answered with errors from now on. */
  public void down(boolean isDown) {
    down = isDown;
  }

  /** Times that the keys were read. */
  public int reads() {
    return reads.get();
  }

  /** Requests that were answered with an error. */
  public int failures() {
    return failures.get();
  }

  public EllipticCurveJsonWebKey key() {
    return key;
  }

  /** Claims for the audience {@code chat}, good for ten minutes. */
  public JwtClaims claims() {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(url());
    claims.setAudience("chat");
    claims.setSubject("tina");
    claims.setStringListClaim("groups", List.of("readers"));
    claims.setExpirationTime(NumericDate.fromMilliseconds(clock.millis() + 600_000));
    return claims;
  }

  /** A token with changed claims. */
  public String token(Consumer<JwtClaims> change) {
    JwtClaims claims = claims();
    change.accept(claims);
    return sign(claims, key);
  }

  /** A token of {@code claims}, signed with {@code key}. */
  public static String sign(JwtClaims claims, EllipticCurveJsonWebKey key) {
    JsonWebSignature signature = unsigned(claims, key);
    signature.setKeyIdHeaderValue(key.getKeyId());
    return compact(signature);
  }

  /** The same, and the token does not say which key it is. */
  public static String signNameless(JwtClaims claims, EllipticCurveJsonWebKey key) {
    return compact(unsigned(claims, key));
  }

  private static JsonWebSignature unsigned(JwtClaims claims, EllipticCurveJsonWebKey key) {
    JsonWebSignature signature = new JsonWebSignature();
    signature.setPayload(claims.toJson());
    signature.setKey(key.getPrivateKey());
    signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
    return signature;
  }

  private static String compact(JsonWebSignature signature) {
    try {
      return signature.getCompactSerialization();
    } catch (JoseException e) {
      throw new AssertionError(e);
    }
  }

  /** A key that nobody knows. */
  public static EllipticCurveJsonWebKey newKey(String keyId) {
    try {
      EllipticCurveJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
      key.setKeyId(keyId);
      return key;
    } catch (JoseException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    server.close().toCompletionStage().toCompletableFuture().join();
  }
}
