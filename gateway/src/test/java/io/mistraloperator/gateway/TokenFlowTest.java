package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.api.Engine;
import io.mistraloperator.gateway.route.Access;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.TestIssuer;
import io.mistraloperator.gateway.testing.TokenFixture;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A7.3, D2.14 endpoints that take tokens of an issuer")
class TokenFlowTest extends TokenFixture {
  TokenFlowTest() throws Exception {}

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aTokenLetsItsBearerIn() {
    String token = token();

    for (int i = 0; i < 5; i++) {
      assertThat(status(token)).isEqualTo(200);
    }
    assertThat(issuer.reads()).isEqualTo(1);
    assertThat(engine.seen()).hasSize(5);
    assertThat(engine.seen().getFirst().headers().contains("authorization")).isFalse();
  }

  @Test
  @DisplayName("A6.4, A9.2 a token opens the endpoints of a project that take it, and no others")
  void unifiedEndpoint() {
    Route signed =
        Routes.accessible(keyed, new Access.Oidc(issuer.url(), List.of("chat"), List.of()));
    Route guarded =
        Routes.accessible(
            Routes.route("Chat-Two", Engine.LlamaCpp, Routes.CHAT),
            new Access.Oidc(
                issuer.url(),
                List.of("chat"),
                List.of(new Access.ClaimRule("groups", Set.of("nobody")))));
    Route locked = Routes.route("Chat-Three", Engine.LlamaCpp, Routes.CHAT);
    gateway.serve(signed, guarded, locked);
    gateway.instances(signed, engine.instance());

    assertThat(unified("chat-one", token())).isEqualTo(200);
    assertThat(unified("chat-two", token())).isEqualTo(403);
    assertThat(unified("chat-three", token())).isEqualTo(401);
    assertThat(unified("chat-one", Routes.PRIMARY)).isEqualTo(401);
    assertThat(unified("chat-one", "a.b.c")).isEqualTo(401);
    assertThat(engine.seen()).hasSize(1);
  }

  private int unified(String model, String credential) {
    return gateway
        .send(
            HttpRequest.newBuilder(gateway.uri("/projects/team-a/models/chat/completions"))
                .header("content-type", "application/json")
                .header("authorization", "Bearer " + credential)
                .POST(
                    BodyPublishers.ofString(
                        FlowFixture.HELLO.replaceFirst("\\{", "{\"model\":\"" + model + "\","))))
        .statusCode();
  }

  @Test
  @DisplayName("A7.6 every other credential is a 401, the endpoint's keys included")
  void whatIsNotAccepted() throws Exception {
    JwtClaims claims = issuer.claims();
    String signed = token();
    Map<String, String> refused =
        Map.ofEntries(
            Map.entry("a key of the endpoint", Routes.PRIMARY),
            Map.entry("nonsense", "a.b.c"),
            Map.entry("another audience", issuer.token(c -> c.setAudience("mail"))),
            Map.entry("no audience", issuer.token(c -> c.unsetClaim("aud"))),
            Map.entry("another issuer", issuer.token(c -> c.setIssuer("https://evil"))),
            Map.entry("no end", issuer.token(c -> c.unsetClaim("exp"))),
            Map.entry("over", issuer.token(c -> c.setExpirationTime(at(-61)))),
            Map.entry("not begun", issuer.token(c -> c.setNotBefore(at(61)))),
            Map.entry("a stranger's key", TestIssuer.sign(claims, TestIssuer.newKey("key-1"))),
            Map.entry("an unknown key", TestIssuer.sign(claims, TestIssuer.newKey("key-9"))),
            Map.entry(
                "no signature", base64("{\"alg\":\"none\"}") + "." + base64(claims.toJson()) + "."),
            Map.entry("the public key as a secret", withSharedSecret(claims)),
            Map.entry("changed", signed.replaceFirst("\\..", ".f")),
            Map.entry("far too long", token() + "x".repeat(20_000)));

    refused.forEach(
        (what, credential) -> {
          HttpResponse<String> answer = call("Bearer " + credential);
          assertThat(answer.statusCode()).as(what).isEqualTo(401);
          assertThat(answer.headers().firstValue("x-ms-error-code")).contains("Unauthorized");
          assertThat(answer.headers().firstValue("www-authenticate")).contains("Bearer");
          assertThat(answer.body()).as(what).doesNotContain(credential);
        });
    assertThat(
            gateway
                .send(HttpRequest.newBuilder(gateway.uri("/endpoints/Chat-One/info")).GET())
                .statusCode())
        .isEqualTo(401);
    assertThat(engine.seen()).isEmpty();
  }

  private NumericDate at(long seconds) {
    return NumericDate.fromSeconds(clock.instant().getEpochSecond() + seconds);
  }

  private String withSharedSecret(JwtClaims claims) throws Exception {
    JsonWebSignature signature = new JsonWebSignature();
    signature.setPayload(claims.toJson());
    signature.setKeyIdHeaderValue(issuer.key().getKeyId());
    signature.setKey(new HmacKey(issuer.key().getPublicKey().getEncoded()));
    signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
    signature.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
    return signature.getCompactSerialization();
  }

  @Test
  @DisplayName("G4 one valid token is enough, whatever another header holds")
  void besideAnotherCredential() {
    HttpResponse<String> second =
        gateway.send(
            gateway
                .request(keyed, "/info")
                .setHeader("authorization", "Bearer " + Routes.PRIMARY)
                .setHeader("api-key", token())
                .GET());
    HttpResponse<String> none =
        gateway.send(
            gateway
                .request(keyed, "/info")
                .setHeader("authorization", "Bearer a.b.c")
                .setHeader("api-key", "d.e.f")
                .GET());

    assertThat(second.statusCode()).isEqualTo(200);
    assertThat(none.statusCode()).isEqualTo(401);
  }

  @Test
  void clocksMayDifferByAMinute() {
    assertThat(status(issuer.token(c -> c.setExpirationTime(at(-59))))).isEqualTo(200);
    assertThat(status(issuer.token(c -> c.setNotBefore(at(59))))).isEqualTo(200);
  }

  @Test
  void aVerdictIsNotBelievedBeyondTheTokensEnd() {
    String token = issuer.token(c -> c.setExpirationTime(at(-30)));
    assertThat(status(token)).isEqualTo(200);

    clock.move(Duration.ofSeconds(31));

    assertThat(status(token)).isEqualTo(401);
  }

  @Test
  @DisplayName("A7.3 a genuine identity without the right is a 403")
  void claims() {
    serve(
        List.of(
            new Access.ClaimRule("groups", Set.of("writers", "admins")),
            new Access.ClaimRule("sub", Set.of("tina"))));

    HttpResponse<String> answer = call("Bearer " + token());
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.headers().firstValue("x-ms-error-code")).contains("Forbidden");
    assertThat(answer.body()).doesNotContain("tina", "readers");

    List<String> writing = List.of("readers", "writers");
    assertThat(status(issuer.token(c -> c.setStringListClaim("groups", writing)))).isEqualTo(200);
    assertThat(status(issuer.token(c -> c.setStringClaim("groups", "admins")))).isEqualTo(200);
    assertThat(
            status(
                issuer.token(
                    c -> {
                      c.setSubject("tom");
                      c.setStringListClaim("groups", writing);
                    })))
        .isEqualTo(403);
  }

  @Test
  void aClaimMayNameTheProjects() throws Exception {
    gateway.close();
    trust(Optional.of("projects"), issuer.url());
    serve(List.of());

    assertThat(status(token())).isEqualTo(403);
    assertThat(status(issuer.token(c -> c.setStringListClaim("projects", List.of("team-b")))))
        .isEqualTo(403);
    assertThat(
            status(
                issuer.token(c -> c.setStringListClaim("projects", List.of("team-b", "team-a")))))
        .isEqualTo(200);
  }

  @Test
  void anIssuerThatThePlatformDoesNotTrustIsNeverAsked() throws Exception {
    gateway.close();
    trust(Optional.empty(), "https://another.example.com");
    serve(List.of());

    HttpResponse<String> answer = call("Bearer " + token());

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("spec.auth.oidc.issuer");
    assertThat(issuer.reads()).isZero();
  }
}
