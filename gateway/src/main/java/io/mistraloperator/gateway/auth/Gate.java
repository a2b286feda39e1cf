package io.mistraloperator.gateway.auth;

import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.route.Access;
import io.mistraloperator.gateway.route.Route;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Lets requests in, or not: by key, or by a token in the modes that take one (rows A7, D2.14). */
public final class Gate {
  private static final Logger LOG = Logger.getLogger(Gate.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  /** An API server that takes longer is away, and nobody should wait for all its tries. */
  private static final Duration REVIEW = Duration.ofSeconds(10);

  private final Settings settings;
  private final OidcTokens oidc;
  private final VerdictCache signed;
  private final KubernetesTokens cluster;
  private final VerdictCache reviewed;

  /**
   * What the platform says about tokens.
   *
   * @param issuers whose tokens endpoints may accept
   * @param projectsClaim claim of their tokens that must name an endpoint's project
   * @param authorities PEM file with the CAs of issuers; empty: those of the Java platform
   */
  public record Settings(
      List<String> issuers, Optional<String> projectsClaim, Optional<Path> authorities) {
    /** Takes a copy of the list. */
    public Settings {
      issuers = List.copyOf(issuers);
    }
  }

  /** Makes a gate; no issuer is asked yet. */
  public Gate(Vertx vertx, Clock clock, Settings settings, TokenReviewer reviewer) {
    this.settings = settings;
    this.oidc =
        new OidcTokens(
            vertx, clock, settings.issuers(), new JsonSource(vertx, settings.authorities()));
    this.signed = new VerdictCache(vertx, clock, Duration.ofMinutes(1), Duration.ofSeconds(5));
    this.cluster = new KubernetesTokens(vertx, reviewer, REVIEW);
    this.reviewed = new VerdictCache(vertx, clock, Duration.ofSeconds(30), Duration.ofSeconds(5));
  }

  /**
   * Checks a request's credential.
   *
   * @param secrets what it brings, see {@link Credential#in}
   * @return complete already for keys, and for tokens that were checked a moment ago; fails with a
   *     {@link Refusal}
   */
  public Future<Void> admit(Route route, List<String> secrets) {
    try {
      return switch (route.access()) {
        case Access.Keys() -> {
          KeyAuthenticator.check(secrets, route.keyDigests());
          yield Future.succeededFuture();
        }
        case Access.Oidc access -> {
          requireTrust(access);
          yield decide(
              best(secrets, token -> signed.get(token, access, () -> oidc.check(token, access))),
              identity ->
                  Rights.allow(access, settings.projectsClaim(), route.project(), identity));
        }
        case Access.Kubernetes access -> {
          yield decide(
              best(
                  secrets,
                  token -> reviewed.get(token, access, () -> cluster.check(token, access))),
              identity -> Rights.allow(access, identity));
        }
      };
    } catch (Refusal refusal) {
      return Future.failedFuture(refusal);
    }
  }

  private void requireTrust(Access.Oidc access) {
    if (!oidc.trusts(access.issuer())) {
      throw Refusal.of(
          ErrorCode.UNAUTHORIZED,
          "The platform does not trust the issuer of this endpoint's tokens: spec.auth.oidc.issuer"
              + " must be one that the platform team has listed.");
    }
  }

  /**
   * The verdict on the first secret that is a genuine token; on the last one where none is (G4).
   */
  private static Future<Verdict> best(
      List<String> secrets, Function<String, Future<Verdict>> check) {
    if (secrets.isEmpty()) {
      throw Refusal.of(
          ErrorCode.UNAUTHORIZED,
          "A token is missing: send it as 'Authorization: Bearer <token>'.");
    }
    Future<Verdict> verdict = check.apply(secrets.getFirst());
    for (String other : secrets.subList(1, secrets.size())) {
      verdict =
          verdict.compose(
              so ->
                  so instanceof Verdict.Invalid ? check.apply(other) : Future.succeededFuture(so));
    }
    return verdict;
  }

  private static Future<Void> decide(Future<Verdict> verdict, Predicate<Verdict.Genuine> allowed) {
    return verdict.transform(
        done -> {
          if (done.failed()) {
            LOG.warnf("A token could not be checked: %s", done.cause().getMessage());
            return refused(
                () ->
                    Refusal.later(
                        "Tokens cannot be checked at the moment; try again.", RETRY_AFTER));
          }
          return switch (done.result()) {
            case Verdict.Invalid() ->
                refused(
                    () ->
                        Refusal.of(
                            ErrorCode.UNAUTHORIZED,
                            "The token is not valid for this endpoint: it needs the endpoint's"
                                + " issuer and audience, a signature, and time left."));
            case Verdict.Genuine identity when allowed.test(identity) -> Future.succeededFuture();
            case Verdict.Genuine identity ->
                refused(
                    () ->
                        Refusal.of(
                            ErrorCode.FORBIDDEN,
                            "The token is valid, but this identity may not call this endpoint."));
          };
        });
  }

  private static Future<Void> refused(Supplier<Refusal> refusal) {
    return Future.failedFuture(refusal.get());
  }
}
