package io.mistraloperator.operator.mistraldeployment.resources;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.mistraloperator.api.Engine;
import io.mistraloperator.api.ModelSource;
import io.mistraloperator.operator.plan.EnginePlan;
import io.mistraloperator.operator.plan.Planner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Brings the weights into the pod: a claim as it is, or a volume that an init container fills. */
final class ModelWeights {
  private static final String VOLUME = "models";

  /** The init container that brings them. */
  private static final String CONTAINER = "model";

  /** Where an image is copied to: its own folder of models must stay visible beside it. */
  private static final String COPY_TARGET = "/mnt/models";

  private final EnginePlan plan;
  private final PodSettings settings;
  private final ResourceRequirements resources;

  ModelWeights(EnginePlan plan, PodSettings settings, ResourceRequirements engineResources) {
    this.plan = plan;
    this.settings = settings;
    this.resources = withoutDevices(engineResources);
  }

  /** The engine only reads the weights. */
  static List<VolumeMount> engineMounts(EnginePlan plan, List<VolumeMount> scratch) {
    List<VolumeMount> mounts = new ArrayList<>();
    mounts.add(
        new VolumeMountBuilder()
            .withName(VOLUME)
            .withMountPath(Planner.MODELS)
            .withReadOnly(true)
            .build());
    mounts.addAll(scratch);
    return mounts;
  }

  List<Volume> volumes(List<Volume> scratch) {
    var volume = new VolumeBuilder().withName(VOLUME);
    List<Volume> volumes = new ArrayList<>();
    volumes.add(
        plan.claim()
            .map(
                claim ->
                    volume
                        .withNewPersistentVolumeClaim()
                        .withClaimName(claim)
                        // The fetcher writes to a claim that keeps weights; the engine never does.
                        .withReadOnly(plan.folder().isPresent() ? null : true)
                        .endPersistentVolumeClaim()
                        .build())
            .orElseGet(() -> volume.withNewEmptyDir().endEmptyDir().build()));
    volumes.addAll(scratch);
    return volumes;
  }

  List<Container> initContainers(SecurityContext security) {
    ModelSource source = plan.source();
    if (source.pvc() != null) {
      return List.of();
    }
    var container =
        new ContainerBuilder()
            .withName(CONTAINER)
            .withImagePullPolicy(settings.pullPolicy())
            .withSecurityContext(security)
            // A pod asks for the larger of init containers and engine, so this costs nothing.
            .withResources(resources)
            .withTerminationMessagePolicy("FallbackToLogsOnError")
            .withVolumeMounts(
                ScratchVolumes.mount(VOLUME, source.fetched() ? Planner.MODELS : COPY_TARGET),
                ScratchVolumes.mount("tmp", "/tmp"));
    if (source.fetched()) {
      WeightsFetcher.complete(container, plan, settings);
    } else {
      container.withImage(source.image().reference()).withCommand(copyCommand(source.image()));
    }
    return List.of(container.build());
  }

  /** A folder for vLLM, one file for llama.cpp. */
  private List<String> copyCommand(ModelSource.Image image) {
    return plan.engine() == Engine.VLLM
        ? List.of("cp", "-R", image.path() + "/.", COPY_TARGET + "/")
        : List.of("cp", image.path(), COPY_TARGET + "/");
  }

  private static ResourceRequirements withoutDevices(ResourceRequirements engine) {
    Set<String> plain = Set.of("cpu", "memory");
    var copy = new ResourceRequirementsBuilder();
    engine.getLimits().entrySet().stream()
        .filter(entry -> plain.contains(entry.getKey()))
        .forEach(entry -> copy.addToLimits(entry.getKey(), entry.getValue()));
    engine.getRequests().entrySet().stream()
        .filter(entry -> plain.contains(entry.getKey()))
        .forEach(entry -> copy.addToRequests(entry.getKey(), entry.getValue()));
    return copy.build();
  }
}
