package io.mistraloperator.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A7.1, A7.2, A7.4, A7.5: where a request carries its key")
class CredentialTest {
  private static List<String> in(Map<String, String> headers) {
    return Credential.in(name -> Optional.ofNullable(headers.get(name)));
  }

  @Test
  void everyForm() {
    assertThat(in(Map.of("authorization", "Bearer k"))).containsExactly("k");
    assertThat(in(Map.of("authorization", "bearer  k "))).containsExactly("k");
    assertThat(in(Map.of("authorization", "k"))).containsExactly("k");
    assertThat(in(Map.of("api-key", "k"))).containsExactly("k");
    assertThat(in(Map.of("x-api-key", "k"))).containsExactly("k");
  }

  @Test
  @DisplayName("a key may begin with the name of the scheme")
  void aKeyLikeTheScheme() {
    assertThat(in(Map.of("authorization", "bearer-1"))).containsExactly("bearer-1");
    assertThat(in(Map.of("authorization", "BEARER\tk"))).containsExactly("k");
  }

  @Test
  @DisplayName("a scheme without a secret does not hide the other headers")
  void theSchemeAlone() {
    assertThat(in(Map.of("authorization", "Bearer"))).isEmpty();
    assertThat(in(Map.of("authorization", "Bearer", "api-key", "k"))).containsExactly("k");
  }

  @Test
  void authorizationCountsFirst() {
    assertThat(in(Map.of("api-key", "b", "authorization", "Bearer a", "x-api-key", "c")))
        .containsExactly("a", "b", "c");
  }

  @Test
  void nothingIsNothing() {
    assertThat(in(Map.of())).isEmpty();
    assertThat(in(Map.of("authorization", "Bearer ", "api-key", " "))).isEmpty();
  }
}
