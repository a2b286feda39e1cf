package io.mistraloperator.operator.mistraldeployment.resources;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.kube.Names;
import io.mistraloperator.operator.plan.ClaimSharing;
import io.mistraloperator.operator.plan.EnginePlan;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps all instances that mount a claim on one node, of whichever deployment they are, where the
 * claim can be mounted by one node only. Elsewhere an instance would wait for the volume for ever;
 * so the scheduler says that the node is full (T-M6).
 */
final class OneNode {
  private OneNode() {}

  static Map<String, String> labels(EnginePlan plan, Optional<ClaimSharing> sharing) {
    return claim(plan, sharing)
        .map(claim -> Map.of(Labels.WEIGHTS_CLAIM, Names.label(claim)))
        .orElse(Map.of());
  }

  static Optional<Affinity> affinity(EnginePlan plan, Optional<ClaimSharing> sharing) {
    return claim(plan, sharing)
        .map(
            claim ->
                new AffinityBuilder()
                    .withNewPodAffinity()
                    .addNewRequiredDuringSchedulingIgnoredDuringExecution()
                    .withTopologyKey("kubernetes.io/hostname")
                    .withNewLabelSelector()
                    .addToMatchLabels(Labels.WEIGHTS_CLAIM, Names.label(claim))
                    .endLabelSelector()
                    .endRequiredDuringSchedulingIgnoredDuringExecution()
                    .endPodAffinity()
                    .build());
  }

  private static Optional<String> claim(EnginePlan plan, Optional<ClaimSharing> sharing) {
    return sharing.filter(kind -> kind != ClaimSharing.AnyNode).flatMap(kind -> plan.claim());
  }
}
