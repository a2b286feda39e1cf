package io.mistraloperator.gateway.testing;

import io.mistraloperator.api.Engine;
import io.mistraloperator.gateway.auth.Gate;
import io.mistraloperator.gateway.route.Access;
import io.mistraloperator.gateway.route.Route;
import io.vertx.core.Vertx;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** A gateway with one endpoint that takes tokens of one issuer, and an engine behind it. */
public abstract class TokenFixture {
  protected final Vertx vertx = Vertx.vertx();
  protected final MovableClock clock = new MovableClock();
  protected final TestIssuer issuer;
  protected final StubEngine engine;
  protected final Route keyed = Routes.route("Chat-One", Engine.LlamaCpp, Routes.CHAT);
  protected GatewayUnderTest gateway;

  protected TokenFixture() throws Exception {
    issuer = new TestIssuer(vertx, clock);
    engine = new StubEngine(vertx);
    engine.streams(StubEngine.answer());
    trust(Optional.empty(), issuer.url());
    serve(List.of());
  }

  /** Starts a gateway that trusts these issuers. */
  protected final void trust(Optional<String> projectsClaim, String... issuers) throws Exception {
    gateway =
        new GatewayUnderTest(
            vertx,
            clock,
            new Gate.Settings(List.of(issuers), projectsClaim, Optional.empty()),
            (token, audiences) -> Optional.empty());
  }

  /** Serves an endpoint that takes tokens of the issuer whose claims fit {@code rules}. */
  protected final void serve(List<Access.ClaimRule> rules) {
    Access access = new Access.Oidc(issuer.url(), List.of("other", "chat"), rules);
    gateway.serve(Routes.accessible(keyed, access));
    gateway.instances(keyed, engine.instance());
  }

  @AfterEach
  final void stopParts() {
    gateway.close();
    engine.close();
    issuer.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /** A chat completion with this value of {@code Authorization}. */
  protected final HttpResponse<String> call(String authorization) {
    return gateway.send(
        HttpRequest.newBuilder(gateway.uri("/endpoints/Chat-One/chat/completions"))
            .header("content-type", "application/json")
            .header("authorization", authorization)
            .POST(BodyPublishers.ofString(FlowFixture.HELLO)));
  }

  /** Status of a chat completion with this token. */
  protected final int status(String token) {
    return call("Bearer " + token).statusCode();
  }

  /** A token that the endpoint takes. */
  protected final String token() {
    return issuer.token(claims -> {});
  }
}
