package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.gateway.testing.TestIssuer;
import io.mistraloperator.gateway.testing.TokenFixture;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A7.3 the keys of an issuer")
class TokenKeysFlowTest extends TokenFixture {
  TokenKeysFlowTest() throws Exception {}

  @Test
  void aNewKeyIsReadWhenATokenNeedsIt() {
    assertThat(status(token())).isEqualTo(200);
    issuer.rotate("key-2");
    clock.move(Duration.ofSeconds(31));

    assertThat(status(token())).isEqualTo(200);
    assertThat(issuer.reads()).isEqualTo(2);
  }

  @Test
  void tokensOfStrangersDoNotMakeTheKeysBeReadAgainAndAgain() {
    assertThat(status(token())).isEqualTo(200);
    clock.move(Duration.ofSeconds(31));
    for (int i = 0; i < 20; i++) {
      String stranger = TestIssuer.sign(issuer.claims(), TestIssuer.newKey("stranger-" + i));
      assertThat(status(stranger)).isEqualTo(401);
    }

    assertThat(issuer.reads()).isEqualTo(2);
    assertThat(status(token())).isEqualTo(200);
  }

  @Test
  void keysThatAreKnownServeWhileTheIssuerIsAway() {
    assertThat(status(token())).isEqualTo(200);
    issuer.down(true);
    clock.move(Duration.ofMinutes(11));

    assertThat(status(token())).isEqualTo(200);
    clock.move(Duration.ofMinutes(11));
    assertThat(status(token())).isEqualTo(200);
  }

  @Test
  void withoutAnyKeyClientsAreAskedToComeAgain() {
    issuer.down(true);
    HttpResponse<String> answer = call("Bearer " + token());
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).contains("5");
    assertThat(answer.headers().firstValue("retry-after-ms")).contains("5000");

    issuer.down(false);
    clock.move(Duration.ofSeconds(31));
    assertThat(status(token())).isEqualTo(200);
  }

  @Test
  @DisplayName("where the keys could not be read again, they are after half a minute")
  void aReadThatFailsIsMadeAgainSoon() {
    assertThat(status(token())).isEqualTo(200);
    issuer.down(true);
    clock.move(Duration.ofMinutes(11));
    assertThat(status(fresh())).isEqualTo(200);
    await().until(() -> issuer.failures() == 1);
    assertThat(status(fresh())).isEqualTo(200);
    assertThat(issuer.failures()).isEqualTo(1);

    issuer.down(false);
    clock.move(Duration.ofSeconds(31));

    assertThat(status(fresh())).isEqualTo(200);
    await().until(() -> issuer.reads() == 2);
  }

  /** Another token, whose verdict is not known yet. */
  private String fresh() {
    return issuer.token(claims -> claims.setGeneratedJwtId());
  }

  @Test
  @DisplayName("a token that names no key has newer ones read as well, but seldom")
  void aTokenThatNamesNoKey() {
    assertThat(status(nameless())).isEqualTo(200);
    issuer.rotate("key-2");
    assertThat(status(nameless())).isEqualTo(401);
    assertThat(issuer.reads()).isEqualTo(1);
    clock.move(Duration.ofSeconds(31));

    assertThat(status(nameless())).isEqualTo(200);
    assertThat(issuer.reads()).isEqualTo(2);
  }

  @Test
  @DisplayName("a token that names no key is checked with each of the issuer's")
  void severalKeysOfOneKind() {
    issuer.add("key-2");

    assertThat(status(nameless())).isEqualTo(200);
    assertThat(issuer.reads()).isEqualTo(1);
  }

  private String nameless() {
    return TestIssuer.signNameless(issuer.claims(), issuer.key());
  }
}
