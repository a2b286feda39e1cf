package io.mistraloperator.operator.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.operator.tls.Certificates.Pair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Certificates as clients and servers read them. */
class CertificatesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Certificates certificates = new Certificates(new SecureRandom());
  private final Pair authority = certificates.authority(NOW);

  @Test
  void aServingCertificateIsSignedAndNamesItsHosts() throws Exception {
    var serving = certificates.serving(authority, List.of("*.team-a.svc", "localhost"), NOW);
    assertThat(serving.isSignedBy(authority.certificate())).isTrue();
    assertThat(serving.isSignedBy(certificates.authority(NOW).certificate())).isFalse();
    assertThat(serving.names()).isEqualTo(Set.of("*.team-a.svc", "localhost"));
    assertThat(serving.certificate().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(serving.certificate().getBasicConstraints()).isEqualTo(-1);
    assertThat(authority.certificate().getBasicConstraints()).isZero();
  }

  @Test
  void isDueAfterTwoThirdsOfItsLife() {
    var serving = certificates.serving(authority, List.of("localhost"), NOW);
    assertThat(serving.isDue(NOW.plus(Duration.ofDays(240)))).isFalse();
    assertThat(serving.isDue(NOW.plus(Duration.ofDays(244)))).isTrue();
    assertThat(serving.certificate().getNotBefore().toInstant()).isBefore(NOW);
  }

  @Test
  void canBeReadBackFromItsText() {
    var read =
        Certificates.read(
                Certificates.pem(authority.certificate()), Certificates.pem(authority.key()))
            .orElseThrow();
    assertThat(read.certificate()).isEqualTo(authority.certificate());
    assertThat(read.key()).isEqualTo(authority.key());
    assertThat(Certificates.pem(authority.key())).startsWith("-----BEGIN PRIVATE KEY-----");
    assertThat(Certificates.read("nonsense", Certificates.pem(authority.key()))).isEmpty();
    assertThat(Certificates.read(Certificates.pem(authority.certificate()), "nonsense")).isEmpty();
  }
}
