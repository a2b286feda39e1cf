package io.mistraloperator.gateway.auth;

import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.route.Access;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;

/** Checks signed tokens of trusted issuers (RFC 7519, RFC 8725). */
final class OidcTokens implements Tokens<Access.Oidc> {
  /** Signatures by public keys only: with a shared secret anybody who checks could sign as well. */
  private static final String[] ALGORITHMS = {
    AlgorithmIdentifiers.RSA_USING_SHA256,
    AlgorithmIdentifiers.RSA_USING_SHA384,
    AlgorithmIdentifiers.RSA_USING_SHA512,
    AlgorithmIdentifiers.RSA_PSS_USING_SHA256,
    AlgorithmIdentifiers.RSA_PSS_USING_SHA384,
    AlgorithmIdentifiers.RSA_PSS_USING_SHA512,
    AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
    AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384,
    AlgorithmIdentifiers.ECDSA_USING_P521_CURVE_AND_SHA512,
    AlgorithmIdentifiers.EDDSA
  };

  /** How far clocks may be apart. */
  private static final Duration LEEWAY = Duration.ofSeconds(60);

  private static final int LONGEST_TOKEN = 16 * 1024;

  private final Vertx vertx;
  private final Clock clock;
  private final Map<String, IssuerKeys> issuers = new HashMap<>();

  /** Makes a check for tokens of {@code trusted} issuers. */
  OidcTokens(Vertx vertx, Clock clock, Collection<String> trusted, JsonSource source) {
    this.vertx = vertx;
    this.clock = clock;
    for (String issuer : trusted) {
      issuers.put(
          issuer,
          new IssuerKeys(issuer, source, () -> Duration.ofMillis(clock.millis()).toNanos()));
    }
  }

  /** Whether the platform trusts an issuer. */
  boolean trusts(String issuer) {
    return issuers.containsKey(issuer);
  }

  @Override
  public Future<Verdict> check(String token, Access.Oidc access) {
    IssuerKeys keys = issuers.get(access.issuer());
    if (keys == null || token.length() > LONGEST_TOKEN || !looksSigned(token)) {
      return Future.succeededFuture(new Verdict.Invalid());
    }
    Optional<String> keyId = keyId(token);
    return keys.get(keyId)
        .compose(
            set -> {
              Future<Verdict> first = verifyAside(token, access, set);
              return keyId.isPresent()
                  ? first
                  : first.compose(verdict -> again(token, access, keys, set, verdict));
            });
  }

  /** A token that does not name its key may be signed with one that is not known yet. */
  private Future<Verdict> again(
      String token, Access.Oidc access, IssuerKeys keys, JsonWebKeySet tried, Verdict verdict) {
    if (!(verdict instanceof Verdict.Invalid)) {
      return Future.succeededFuture(verdict);
    }
    return keys.after(tried)
        .compose(
            set ->
                set == tried ? Future.succeededFuture(verdict) : verifyAside(token, access, set));
  }

  private Future<Verdict> verifyAside(String token, Access.Oidc access, JsonWebKeySet keys) {
    return vertx.executeBlocking(() -> verify(token, access, keys), false);
  }

  private static boolean looksSigned(String token) {
    return token.chars().filter(letter -> letter == '.').count() == 2;
  }

  private static Optional<String> keyId(String token) {
    try {
      byte[] head = Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.')));
      return Json.parse(head)
          .map(json -> json.path("kid").asText())
          .filter(keyId -> !keyId.isEmpty());
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  private Verdict verify(String token, Access.Oidc access, JsonWebKeySet keys) {
    var resolver = new JwksVerificationKeyResolver(keys.getJsonWebKeys());
    // Where a token names no key, several may be of its kind.
    resolver.setDisambiguateWithVerifySignature(true);
    var consumer =
        new JwtConsumerBuilder()
            .setJwsAlgorithmConstraints(ConstraintType.PERMIT, ALGORITHMS)
            .setVerificationKeyResolver(resolver)
            .setExpectedIssuer(true, access.issuer())
            .setExpectedAudience(true, access.audiences().toArray(String[]::new))
            .setRequireExpirationTime()
            .setAllowedClockSkewInSeconds((int) LEEWAY.toSeconds())
            .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
            .build();
    try {
      JwtClaims claims = consumer.processToClaims(token);
      return new Verdict.Genuine(
          texts(claims), claims.getExpirationTime().getValue() + LEEWAY.toSeconds());
    } catch (InvalidJwtException | MalformedClaimException notOurs) {
      return new Verdict.Invalid();
    }
  }

  private static Map<String, Set<String>> texts(JwtClaims claims) {
    Map<String, Set<String>> texts = new HashMap<>();
    claims
        .getClaimsMap()
        .forEach(
            (name, value) -> {
              if (value instanceof String text) {
                texts.put(name, Set.of(text));
              } else if (value instanceof Collection<?> list) {
                Set<String> values = new HashSet<>();
                list.forEach(
                    each -> {
                      if (each instanceof String text) {
                        values.add(text);
                      }
                    });
                texts.put(name, Set.copyOf(values));
              }
            });
    return texts;
  }
}
