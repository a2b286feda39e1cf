package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a project says of the engine itself. */
@RealCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TuningTest {
  private final Cluster cluster;
  private Project project;

  TuningTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void enter() {
    project = cluster.project("tuning");
  }

  @AfterAll
  void leave() {
    project.close();
  }

  @Test
  @DisplayName(
      "D2.13 a tuned llama.cpp with probes of its own serves, and knows every argument there is")
  void servesTuned() {
    project.deployReady(
        "tuned",
        "engineArgs: [--batch-size=256, --ubatch-size=128, --cache-type-k=q8_0, --threads-http=2, --poll=0, --no-repack]",
        "probes: {liveness: {initialDelaySeconds: 10, periodSeconds: 10, timeoutSeconds: 2, failureThreshold: 30}}");
    assertThat(project.application("tuned").chat("Hi").text()).isEqualTo(Application.GREETING);
    TuningFlags.assertKnown(project, "tuned", "llama.cpp", "llama-server", "--help");
  }
}
