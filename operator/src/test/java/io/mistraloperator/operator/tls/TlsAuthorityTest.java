package io.mistraloperator.operator.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.tls.Certificates.Pair;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The gateway's certificate in Secrets of a real API server. */
@ExtendWith(ApiServerExtension.class)
class TlsAuthorityTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final ApiServer server;
  private final String platform;

  TlsAuthorityTest(ApiServer server) {
    this.server = server;
    this.platform = server.newNamespace();
  }

  @Test
  void namesTheRegionTheGatewayAndEveryNamespaceWithAnEndpoint() {
    var tls = authority(Duration.ZERO, Map.of());
    assertThat(tls.bundleFor("team-a")).isPresent();
    assertThat(serving().names())
        .contains(
            "*.local.inference.localhost",
            "*.services.localhost",
            "localhost",
            "mistral-gateway",
            "*.team-a.svc",
            "*.team-a.svc.cluster.local");
    Pair first = serving();
    assertThat(tls.bundleFor("team-a")).contains(text(TlsAuthority.SERVING_SECRET, "ca.crt"));
    assertThat(serving()).isEqualTo(first);
    tls.bundleFor("team-b");
    assertThat(serving().names()).contains("*.team-b.svc");
    assertThat(serving().isSignedBy(ca().certificate())).isTrue();
  }

  @Test
  void isRenewedInTimeAndAnOldAuthorityStaysTrusted() {
    authority(Duration.ZERO, Map.of()).refresh();
    Pair firstServing = serving();
    Pair firstCa = ca();
    authority(Duration.ofDays(200), Map.of()).refresh();
    assertThat(serving()).as("not due").isEqualTo(firstServing);
    authority(Duration.ofDays(250), Map.of()).refresh();
    assertThat(serving()).as("due").isNotEqualTo(firstServing);
    assertThat(ca()).isEqualTo(firstCa);
    authority(Duration.ofDays(2500), Map.of()).refresh();
    assertThat(ca()).isNotEqualTo(firstCa);
    assertThat(Certificates.readAll(text(TlsAuthority.SERVING_SECRET, "ca.crt")))
        .containsExactly(ca().certificate(), firstCa.certificate());
    authority(Duration.ofDays(4000), Map.of()).refresh();
    assertThat(Certificates.readAll(text(TlsAuthority.AUTHORITY_SECRET, "ca.crt")))
        .as("an authority that has expired")
        .doesNotContain(firstCa.certificate());
  }

  @Test
  void isMadeAnewWhenItIsDeleted() {
    var tls = authority(Duration.ZERO, Map.of());
    tls.refresh();
    server.client().secrets().inNamespace(platform).withName(TlsAuthority.SERVING_SECRET).delete();
    tls.refresh();
    assertThat(serving().isSignedBy(ca().certificate())).isTrue();
  }

  @Test
  void usesAnAuthorityThatThePlatformBrings() {
    Pair own = new Certificates(new SecureRandom()).authority(START);
    secret(TlsAuthority.AUTHORITY_SECRET, Certificates.pem(own.certificate()), own);
    authority(Duration.ofDays(3000), Map.of()).refresh();
    assertThat(ca()).isEqualTo(own);
    assertThat(serving().isSignedBy(own.certificate())).isTrue();
  }

  @Test
  void leavesAForeignSecretOfThatNameAlone() {
    secret(
        TlsAuthority.AUTHORITY_SECRET,
        "nonsense",
        new Certificates(new SecureRandom()).authority(START));
    var tls = authority(Duration.ZERO, Map.of());
    assertThatThrownBy(tls::refresh).hasMessageContaining(TlsAuthority.AUTHORITY_SECRET);
    assertThat(text(TlsAuthority.AUTHORITY_SECRET, "tls.crt")).isEqualTo("nonsense");
  }

  @Test
  void makesNothingWhereThePlatformNamesASecret() {
    Pair own = new Certificates(new SecureRandom()).authority(START);
    secret("own-tls", Certificates.pem(own.certificate()), own);
    var tls = authority(Duration.ZERO, Map.of("mistral.tls.secret-name", "own-tls"));
    assertThat(tls.bundleFor("team-a")).contains(Certificates.pem(own.certificate()));
    assertThat(
            server
                .client()
                .secrets()
                .inNamespace(platform)
                .withName(TlsAuthority.SERVING_SECRET)
                .get())
        .isNull();
  }

  private TlsAuthority authority(Duration later, Map<String, String> settings) {
    var config =
        new SmallRyeConfigBuilder()
            .withMapping(OperatorConfig.class)
            .withDefaultValue("mistral.namespace", platform)
            .withDefaultValues(settings)
            .build()
            .getConfigMapping(OperatorConfig.class);
    var clock = Clock.fixed(START.plus(later), ZoneOffset.UTC);
    return new TlsAuthority(server.client(), config, clock, new SecureRandom());
  }

  private Pair ca() {
    return pair(TlsAuthority.AUTHORITY_SECRET);
  }

  private Pair serving() {
    return pair(TlsAuthority.SERVING_SECRET);
  }

  private Pair pair(String name) {
    return Certificates.read(text(name, "tls.crt"), text(name, "tls.key")).orElseThrow();
  }

  private String text(String name, String entry) {
    Secret secret = server.client().secrets().inNamespace(platform).withName(name).get();
    return new String(
        Base64.getDecoder().decode(secret.getData().get(entry)), StandardCharsets.UTF_8);
  }

  private void secret(String name, String certificate, Pair pair) {
    server
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(platform)
                .endMetadata()
                .withType("kubernetes.io/tls")
                .addToStringData("tls.crt", certificate)
                .addToStringData("tls.key", Certificates.pem(pair.key()))
                .addToStringData("ca.crt", certificate)
                .build())
        .create();
  }
}
