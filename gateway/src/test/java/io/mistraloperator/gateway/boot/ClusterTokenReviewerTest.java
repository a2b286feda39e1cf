package io.mistraloperator.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mistraloperator.gateway.auth.TokenReviewer.Reviewed;
import io.mistraloperator.gateway.testing.ApiServer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(
    value = "io.mistraloperator.gateway.testing.ApiServer#installed",
    disabledReason = "no API server is installed: run the tests with make")
@DisplayName("tokens are reviewed by a real API server")
class ClusterTokenReviewerTest {
  private static ApiServer server;
  private static KubernetesClient client;

  private final ClusterTokenReviewer reviewer = new ClusterTokenReviewer(client);

  @BeforeAll
  static void startServer() {
    server = ApiServer.start();
    client = server.client();
    client
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName("app")
                .withNamespace("default")
                .endMetadata()
                .build())
        .create();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static String token(String... audiences) {
    return client
        .serviceAccounts()
        .inNamespace("default")
        .withName("app")
        .tokenRequest(
            new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences(audiences)
                .withExpirationSeconds(600L)
                .endSpec()
                .build())
        .getStatus()
        .getToken();
  }

  @Test
  void whoseTokenItIs() {
    Optional<Reviewed> found = reviewer.review(token("chat"), List.of("chat", "other"));

    assertThat(found).map(Reviewed::user).contains("system:serviceaccount:default:app");
    assertThat(found.orElseThrow().groups()).contains("system:serviceaccounts:default");
  }

  @Test
  void withoutAudiencesItMustBeForTheApiServer() {
    assertThat(reviewer.review(token(), List.of())).isPresent();
    assertThat(reviewer.review(token("chat"), List.of())).isEmpty();
  }

  @Test
  void otherTokensAreNone() {
    assertThat(reviewer.review(token("mail"), List.of("chat"))).isEmpty();
    assertThat(reviewer.review(token(), List.of("chat"))).isEmpty();
    assertThat(reviewer.review("nonsense", List.of())).isEmpty();
  }
}
