package io.mistraloperator.e2e.texts;

import io.mistraloperator.e2e.cluster.Cluster;
import io.mistraloperator.e2e.cluster.Images;
import io.mistraloperator.e2e.cluster.Project;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;

/** With a real vLLM on CPU. */
@Tag("vllm")
class VllmTextsTest extends RealTexts {
  private static final Duration START = Duration.ofMinutes(5);

  private final Cluster cluster;

  VllmTextsTest(Cluster cluster) {
    super(cluster);
    this.cluster = cluster;
  }

  @Override
  void deploy(Project project, String deployment, String model) {
    Cluster.missing(Images.VLLM_CPU).ifPresent(reason -> Assumptions.abort(reason));
    cluster.load(Images.VLLM_CPU);
    project.deploy(deployment, model, "engine: VLLM", "instanceType: tiny-cpu-vllm");
    project.awaitReady("mistraldeployment/" + deployment, START);
  }
}
