package io.mistraloperator.e2e.clients;

import io.mistraloperator.api.Engine;
import io.mistraloperator.e2e.cluster.Cluster;
import io.mistraloperator.e2e.cluster.Images;
import io.mistraloperator.e2e.cluster.Project;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;

/** With a real vLLM on CPU. */
@Tag("vllm")
class VllmClientsTest extends RealClients {
  private static final Duration START = Duration.ofMinutes(5);

  private final Cluster cluster;

  VllmClientsTest(Cluster cluster) {
    super(Engine.VLLM, cluster);
    this.cluster = cluster;
  }

  @Override
  void deploy(Project project, String deployment) {
    Cluster.missing(Images.VLLM_CPU).ifPresent(reason -> Assumptions.abort(reason));
    cluster.load(Images.VLLM_CPU);
    project.deploy(deployment, "engine: VLLM", "instanceType: tiny-cpu-vllm");
    project.awaitReady("mistraldeployment/" + deployment, START);
  }
}
