package io.mistraloperator.e2e.clients;

import io.mistraloperator.api.Engine;
import io.mistraloperator.e2e.cluster.Cluster;
import io.mistraloperator.e2e.cluster.Project;
import org.junit.jupiter.api.Tag;

/** With llama.cpp. */
@Tag("clients")
class ClientsTest extends RealClients {
  ClientsTest(Cluster cluster) {
    super(Engine.LlamaCpp, cluster);
  }

  @Override
  void deploy(Project project, String deployment) {
    project.deployReady(deployment);
  }
}
