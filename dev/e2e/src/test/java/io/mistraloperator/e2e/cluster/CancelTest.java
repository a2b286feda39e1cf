package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Clients that leave, and a real engine. */
@RealCluster
class CancelTest {
  /** An answer that ends only where the context does. */
  private static final String LONG = "Tell me a story that goes on forever";

  private final Cluster cluster;

  CancelTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  @DisplayName("B4.12 a client leaves in the middle of a stream: llama.cpp's slot is free again")
  void theSlotIsFreeAgain() {
    try (Project project = cluster.project("cancel")) {
      project.deployReady("left");
      Application application = project.application("left");
      EnginePod engine = EnginePod.of(cluster, project, "left");
      double start = engine.tokens();
      try (ChatStream stream = application.stream(LONG)) {
        stream.toEnd();
      }
      engine.awaitRest();
      double whole = engine.tokens() - start;
      try (ChatStream stream = application.stream(LONG)) {
        assertThat(stream.next()).isPresent();
      }
      engine.awaitRest();
      assertThat(engine.tokens() - start - whole)
          .as("tokens written for nobody, of %s", whole)
          .isLessThan(whole / 2);
      assertThat(application.chat("Hi").status()).isEqualTo(200);
    }
  }
}
