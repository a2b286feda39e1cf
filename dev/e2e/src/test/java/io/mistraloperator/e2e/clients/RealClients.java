package io.mistraloperator.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.mistraloperator.api.Engine;
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
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A23: the clients that applications use, unchanged, over TLS that they verify. */
@RealCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RealClients {
  private static final String DEPLOYMENT = "sdk";

  private final Map<Program, Run> runs = new EnumMap<>(Program.class);
  private final Engine engine;
  private final Cluster cluster;
  private Project project;
  private Run.Endpoint endpoint;

  RealClients(Engine engine, Cluster cluster) {
    this.engine = engine;
    this.cluster = cluster;
  }

  /** Brings the deployment up. */
  abstract void deploy(Project project, String deployment);

  @BeforeAll
  @Timeout(900)
  void start(@TempDir Path folder) throws IOException, GeneralSecurityException {
    project = cluster.project("clients");
    deploy(project, DEPLOYMENT);
    String authority = project.keyEntry(DEPLOYMENT, "ca.crt");
    Path trustStore = folder.resolve("ca.p12");
    writeTrustStore(authority, trustStore);
    String name = project.deployment(DEPLOYMENT).getStatus().endpoint().name();
    endpoint =
        new Run.Endpoint(
            cluster.endpoint(name).toString(),
            "https://localhost:%d/projects/%s/models"
                .formatted(cluster.gatewayPort(), project.name()),
            name,
            project.keyEntry(DEPLOYMENT, "primaryKey"),
            Files.writeString(folder.resolve("ca.crt"), authority),
            trustStore);
  }

  @AfterAll
  void leave() {
    if (project != null) {
      project.close();
    }
  }

  /** Each program with each of its steps; a program runs once, when its first step is asked for. */
  Stream<Arguments> steps() {
    return Stream.of(Program.values())
        .flatMap(
            program ->
                program.steps().stream()
                    .map(step -> arguments(program.row() + ", " + step.row(), program, step)));
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @MethodSource
  @DisplayName(
      "A23.1 to A23.10, B8, A7.6, A8.1, A9.2, A9.7, A10.4, A11.1 to A11.6, A12.1, A13.2, A14.3, A14.5,"
          + " A15.6 to A15.8, B3.1, B9.1, C8: what each client does, and reads")
  void steps(String rows, Program program, Step step) {
    Run run = run(program);
    assertThat(run.saw(step))
        .as("%s, step %s (%s); the program said:%n%s", program, step, rows, run.err())
        .contains(program.expected(step, engine));
  }

  @ParameterizedTest(name = "A23 {0} goes through these steps and no others")
  @EnumSource
  void ends(Program program) {
    Run run = run(program);
    assertThat(run.exitCode()).as("exit code of %s; it said:%n%s", program, run.err()).isZero();
    assertThat(run.saw().keySet())
        .as("steps of %s", program)
        .containsExactlyInAnyOrderElementsOf(program.steps().stream().map(Step::toString).toList());
  }

  private Run run(Program program) {
    return runs.computeIfAbsent(program, each -> Run.of(each, endpoint));
  }

  private static void writeTrustStore(String authority, Path trustStore)
      throws IOException, GeneralSecurityException {
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
