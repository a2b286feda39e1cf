package io.mistraloperator.e2e.texts;

import io.mistraloperator.e2e.cluster.Cluster;
import io.mistraloperator.e2e.cluster.Project;

/** With llama.cpp. */
class TextsTest extends RealTexts {
  TextsTest(Cluster cluster) {
    super(cluster);
  }

  @Override
  void deploy(Project project, String deployment, String model) {
    project.deployReady(deployment, model);
  }
}
