package io.mistraloperator.operator.flow;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;

/** What the Deployment controller says when it has made the one new instance, and waits for it. */
final class HalfRolledOut {
  private HalfRolledOut() {}

  /** The status of an engine of one instance. */
  static DeploymentStatus of(Deployment engine) {
    return new DeploymentStatusBuilder()
        .withObservedGeneration(engine.getMetadata().getGeneration())
        .withReplicas(2)
        .withUpdatedReplicas(1)
        .withReadyReplicas(1)
        .withAvailableReplicas(1)
        .addNewCondition()
        .withType("Progressing")
        .withStatus("True")
        .withReason("ReplicaSetUpdated")
        .withMessage("")
        .endCondition()
        .build();
  }

  /** The same, the instance refused by the API server. */
  static DeploymentStatus refused(Deployment engine, String words) {
    return new DeploymentStatusBuilder(of(engine))
        .addNewCondition()
        .withType("ReplicaFailure")
        .withStatus("True")
        .withReason("FailedCreate")
        .withMessage(words)
        .endCondition()
        .build();
  }
}
