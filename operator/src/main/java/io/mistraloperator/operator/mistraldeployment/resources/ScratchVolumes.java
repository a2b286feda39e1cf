package io.mistraloperator.operator.mistraldeployment.resources;

import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSourceBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.mistraloperator.api.Engine;
import io.mistraloperator.operator.catalogue.Machine;
import io.mistraloperator.operator.plan.EnginePlan;
import java.util.ArrayList;
import java.util.List;

/** Volumes that an engine writes to: the root of its container may be read-only. */
final class ScratchVolumes {
  private static final int MOST_SHARED_GIB = 16;

  private ScratchVolumes() {}

  static List<Volume> of(EnginePlan plan, Machine machine) {
    List<Volume> volumes = new ArrayList<>();
    volumes.add(volume("tmp", new EmptyDirVolumeSource()));
    volumes.add(volume("home", new EmptyDirVolumeSource()));
    if (plan.engine() == Engine.VLLM) {
      volumes.add(
          volume(
              "shm",
              new EmptyDirVolumeSourceBuilder()
                  .withMedium("Memory")
                  .withSizeLimit(new Quantity(sharedMemory(plan, machine)))
                  .build()));
    }
    return volumes;
  }

  static List<VolumeMount> mounts(EnginePlan plan) {
    List<VolumeMount> mounts = new ArrayList<>();
    mounts.add(mount("tmp", "/tmp"));
    mounts.add(mount("home", "/home/nonroot"));
    if (plan.engine() == Engine.VLLM) {
      mounts.add(mount("shm", "/dev/shm"));
    }
    return mounts;
  }

  static VolumeMount mount(String name, String path) {
    return new VolumeMountBuilder().withName(name).withMountPath(path).build();
  }

  /** The processes of GPUs that share a model talk through it; NCCL fails without. */
  private static String sharedMemory(EnginePlan plan, Machine machine) {
    if (machine.gpus().isEmpty()) {
      return "256Mi";
    }
    return plan.tensorParallel() == 1
        ? "1Gi"
        : Math.min(MOST_SHARED_GIB, 2 * plan.tensorParallel()) + "Gi";
  }

  private static Volume volume(String name, EmptyDirVolumeSource source) {
    return new VolumeBuilder().withName(name).withEmptyDir(source).build();
  }
}
