package io.mistraloperator.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.e2e.cluster.Application;
import io.mistraloperator.e2e.cluster.Cluster;
import io.mistraloperator.e2e.cluster.Project;
import io.mistraloperator.e2e.cluster.RealCluster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A23: the clients that applications use, unchanged, over TLS that they verify. */
@RealCluster
@Tag("clients")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientsTest {
  private static final String DEPLOYMENT = "sdk";

  private final Cluster cluster;
  private Project project;
  private Path caFile;
  private Path trustStore;

  ClientsTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void deploy(@TempDir Path folder) throws IOException, GeneralSecurityException {
    project = cluster.project("clients");
    project.deployReady(DEPLOYMENT);
    String authority = project.keyEntry(DEPLOYMENT, "ca.crt");
    caFile = Files.writeString(folder.resolve("ca.crt"), authority);
    trustStore = folder.resolve("ca.p12");
    writeTrustStore(authority);
  }

  @AfterAll
  void leave() {
    project.close();
  }

  @ParameterizedTest(name = "A23 {0} completes")
  @EnumSource
  void completes(Program program) {
    assertAnswered(run(program, "complete", key()));
  }

  @ParameterizedTest(name = "A23 {0} streams")
  @EnumSource
  void streams(Program program) {
    assertAnswered(run(program, "stream", key()));
  }

  @ParameterizedTest(name = "A7.6 {0} sees a wrong key refused, plain")
  @EnumSource
  void isRefused(Program program) {
    assertRefused(run(program, "complete", "wrong"));
  }

  @ParameterizedTest(name = "A7.6 {0} sees a wrong key refused, streaming")
  @EnumSource
  void isRefusedStreaming(Program program) {
    assertRefused(run(program, "stream", "wrong"));
  }

  private static void assertAnswered(Program.Outcome outcome) {
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).containsExactly(Application.GREETING, "usage: 5 + 11");
  }

  private static void assertRefused(Program.Outcome outcome) {
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(3);
    assertThat(outcome.out()).containsExactly("refused: 401");
  }

  private Program.Outcome run(Program program, String mode, String key) {
    String name = project.deployment(DEPLOYMENT).getStatus().endpoint().name();
    return program.run(mode, cluster.endpoint(name).toString(), key, caFile, trustStore);
  }

  private String key() {
    return project.keyEntry(DEPLOYMENT, "primaryKey");
  }

  private void writeTrustStore(String authority) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    var pem = new ByteArrayInputStream(authority.getBytes(StandardCharsets.UTF_8));
    store.setCertificateEntry(
        "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    try (OutputStream file = Files.newOutputStream(trustStore)) {
      store.store(file, "changeit".toCharArray());
    }
  }
}
