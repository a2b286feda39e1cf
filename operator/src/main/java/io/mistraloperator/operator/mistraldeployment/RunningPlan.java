package io.mistraloperator.operator.mistraldeployment;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralDeploymentSpec;
import io.mistraloperator.api.ModelCache;
import io.mistraloperator.api.PlanStatus;
import io.mistraloperator.operator.kube.Hashes;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a Deployment was made from, kept in its annotations.
 *
 * <p>As long as the part of the spec that shapes pods is the same, the pods stay as they are: a new
 * operator, chart, default image or catalogue entry never restarts a running model (T-U5). Taking
 * the annotation {@value #SPEC} off the engine Deployment makes the operator plan anew.
 *
 * @param specHash digest of what shaped the pods
 * @param plan the plan, as status shows it
 * @param template the pod template as it was applied
 */
public record RunningPlan(String specHash, PlanStatus plan, PodTemplateSpec template) {
  static final String SPEC = "mistraloperator.io/spec-hash";
  static final String PLAN = "mistraloperator.io/plan";
  static final String TEMPLATE = "mistraloperator.io/pod-template";

  /** A claim that grows is the same claim. */
  private static ModelCache cache(ModelCache cache) {
    return cache == null || cache.size() == null
        ? cache
        : new ModelCache(null, "own", cache.storageClassName(), cache.accessMode());
  }

  /**
   * Digest of the part of a spec that shapes pods: not instances and their scaling, keys and
   * endpoint.
   */
  public static String specHash(MistralDeployment deployment) {
    MistralDeploymentSpec spec = deployment.getSpec();
    return Hashes.brief(
        Serialization.asJson(
            new MistralDeploymentSpec(
                spec.model(),
                null,
                null,
                spec.instanceType(),
                null,
                null,
                spec.engine(),
                spec.source(),
                cache(spec.cache()),
                spec.contextLength(),
                null,
                spec.scheduling(),
                null,
                null,
                null,
                null)),
        32);
  }

  /** What the annotations of a Deployment say; empty when they do not say it all. */
  public static Optional<RunningPlan> of(Deployment deployment) {
    Map<String, String> annotations =
        Objects.requireNonNullElse(deployment.getMetadata().getAnnotations(), Map.of());
    String hash = annotations.get(SPEC);
    String plan = annotations.get(PLAN);
    String template = annotations.get(TEMPLATE);
    if (hash == null || plan == null || template == null) {
      return Optional.empty();
    }
    try {
      var status = Serialization.unmarshal(plan, PlanStatus.class);
      return status.family() == null || status.cores() == null
          ? Optional.empty()
          : Optional.of(
              new RunningPlan(
                  hash, status, Serialization.unmarshal(template, PodTemplateSpec.class)));
    } catch (KubernetesClientException e) {
      return Optional.empty();
    }
  }

  /** The annotations that say it, in a fixed order: the same plan always makes the same bytes. */
  public SortedMap<String, String> annotations() {
    return new TreeMap<>(
        Map.of(
            SPEC,
            specHash,
            PLAN,
            Serialization.asJson(plan),
            TEMPLATE,
            Serialization.asJson(template)));
  }
}
