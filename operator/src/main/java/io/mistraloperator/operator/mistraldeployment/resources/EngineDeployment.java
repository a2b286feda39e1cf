package io.mistraloperator.operator.mistraldeployment.resources;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.kube.OwnerReferences;
import io.mistraloperator.operator.rollout.RolloutPlan;
import java.util.Map;

/** Makes the Deployment of an engine. */
public final class EngineDeployment {
  /** Time for scheduling and pulling, on top of the planned start. */
  private static final int PULL_SECONDS = 600;

  private static final int HISTORY = 2;

  private EngineDeployment() {}

  /**
   * The Deployment.
   *
   * @param owner the deployment that it is for
   * @param name its name
   * @param instances how many
   * @param template its pods
   * @param annotations what it was made from
   * @param startupSeconds planned start of an instance
   * @param rollout how a new version replaces the old one
   */
  public static Deployment of(
      MistralDeployment owner,
      String name,
      int instances,
      PodTemplateSpec template,
      Map<String, String> annotations,
      int startupSeconds,
      RolloutPlan rollout) {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(owner.getMetadata().getNamespace())
        .withLabels(Labels.of(owner, Labels.ENGINE))
        .withAnnotations(annotations)
        .withOwnerReferences(OwnerReferences.controller(owner))
        .endMetadata()
        .withNewSpec()
        .withReplicas(instances)
        .withRevisionHistoryLimit(HISTORY)
        .withProgressDeadlineSeconds(startupSeconds + PULL_SECONDS)
        .withNewSelector()
        .withMatchLabels(Labels.enginePods(owner))
        .endSelector()
        .withNewStrategy()
        .withType("RollingUpdate")
        .withNewRollingUpdate()
        .withMaxSurge(new IntOrString(rollout.maxSurge()))
        .withMaxUnavailable(new IntOrString(rollout.maxUnavailable()))
        .endRollingUpdate()
        .endStrategy()
        .withTemplate(template)
        .endSpec()
        .build();
  }
}
