package io.mistraloperator.operator.flow;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import java.util.Objects;

/** What a Deployment controller reports of an engine when all goes well. */
public final class ServedEngine {
  private ServedEngine() {}

  /** All instances that its spec wants answer. */
  public static DeploymentStatus status(Deployment engine) {
    int replicas = engine.getSpec().getReplicas();
    return new DeploymentStatusBuilder()
        .withObservedGeneration(engine.getMetadata().getGeneration())
        .withReplicas(replicas)
        .withUpdatedReplicas(replicas)
        .withReadyReplicas(replicas)
        .withAvailableReplicas(replicas)
        .addNewCondition()
        .withType("Progressing")
        .withStatus("True")
        .withReason("NewReplicaSetAvailable")
        .withMessage("done")
        .endCondition()
        .build();
  }

  /** Whether its newest spec has been reported. */
  public static boolean isReported(Deployment engine) {
    return engine.getStatus() != null
        && Objects.equals(
            engine.getMetadata().getGeneration(), engine.getStatus().getObservedGeneration());
  }
}
