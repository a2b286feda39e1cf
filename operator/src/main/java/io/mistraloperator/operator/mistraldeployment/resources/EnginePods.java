package io.mistraloperator.operator.mistraldeployment.resources;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.mistraloperator.api.Engine;
import io.mistraloperator.api.EngineProbes;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralDeploymentSpec.Scheduling;
import io.mistraloperator.api.MistralModelSpec.Task;
import io.mistraloperator.operator.catalogue.Machine;
import io.mistraloperator.operator.catalogue.Model;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.plan.ClaimSharing;
import io.mistraloperator.operator.plan.EnginePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Makes the pods of an engine. */
public final class EnginePods {
  /** Name of the engine's container. */
  public static final String CONTAINER = "engine";

  /** Name of the engine's port. */
  public static final String PORT = "http";

  /** Longest time that requests in progress are waited for when an instance is to go. */
  static final int DRAIN_SECONDS = 300;

  private static final int STOP_SECONDS = 30;
  private static final int LLAMACPP_PORT = 8080;
  private static final int VLLM_PORT = 8000;
  private static final long USER = 65532L;

  private final PodSettings settings;

  /** Pods with the platform's settings. */
  public EnginePods(PodSettings settings) {
    this.settings = settings;
  }

  /**
   * The pod template of a plan.
   *
   * @param sharing what the claim of the weights means for the instances; empty without a claim
   */
  public PodTemplateSpec template(
      MistralDeployment deployment,
      EnginePlan plan,
      Model model,
      Machine machine,
      Optional<ClaimSharing> sharing) {
    var resources = resources(plan, machine);
    var weights = new ModelWeights(plan, settings, resources);
    var scheduling =
        Objects.requireNonNullElseGet(
            deployment.getSpec().scheduling(), () -> new Scheduling(null, null, null));
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(Labels.of(deployment, Labels.ENGINE))
        .addToLabels(Labels.INSTANCE_TYPE, machine.name())
        .addToLabels(OneNode.labels(plan, sharing))
        .addToAnnotations("kubectl.kubernetes.io/default-container", CONTAINER)
        .endMetadata()
        .withNewSpec()
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withTerminationGracePeriodSeconds((long) DRAIN_SECONDS + STOP_SECONDS)
        .withImagePullSecrets(
            settings.pullSecrets().stream().map(LocalObjectReference::new).toList())
        .withNodeSelector(nodeSelector(machine, scheduling))
        .withTolerations(tolerations(machine, scheduling))
        .withRuntimeClassName(machine.runtimeClass().orElse(null))
        .withPriorityClassName(scheduling.priorityClassName())
        .withAffinity(OneNode.affinity(plan, sharing).orElse(null))
        .withTopologySpreadConstraints(spread(deployment))
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(USER)
        .withRunAsGroup(USER)
        .withFsGroup(USER)
        .withFsGroupChangePolicy("OnRootMismatch")
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .withInitContainers(weights.initContainers(containerSecurity(true)))
        .withContainers(
            engine(
                plan,
                model,
                machine,
                resources,
                Optional.ofNullable(deployment.getSpec().probes())))
        .withVolumes(weights.volumes(ScratchVolumes.of(plan, machine)))
        .endSpec()
        .build();
  }

  private Container engine(
      EnginePlan plan,
      Model model,
      Machine machine,
      ResourceRequirements resources,
      Optional<EngineProbes> probes) {
    return new ContainerBuilder()
        .withName(CONTAINER)
        .withImage(plan.image())
        .withImagePullPolicy(settings.pullPolicy())
        .withArgs(plan.args())
        .withEnv(environment(plan, model))
        .addNewPort()
        .withName(PORT)
        .withContainerPort(plan.engine() == Engine.VLLM ? VLLM_PORT : LLAMACPP_PORT)
        .withProtocol("TCP")
        .endPort()
        .withResources(resources)
        // GPU runtimes place device files and libraries into the container's root.
        .withSecurityContext(containerSecurity(machine.gpus().isEmpty()))
        .withVolumeMounts(ModelWeights.engineMounts(plan, ScratchVolumes.mounts(plan)))
        .withStartupProbe(EngineProbe.startup(plan))
        .withReadinessProbe(EngineProbe.readiness(probes))
        .withLivenessProbe(EngineProbe.liveness(probes))
        .withNewLifecycle()
        .withNewPreStop()
        .withNewExec()
        .withCommand("/opt/mistral/drain")
        .endExec()
        .endPreStop()
        .endLifecycle()
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .build();
  }

  private static List<EnvVar> environment(EnginePlan plan, Model model) {
    Map<String, String> variables = new TreeMap<>(plan.environment());
    variables.put("DRAIN_SECONDS", Integer.toString(DRAIN_SECONDS));
    variables.put("PROBE_KIND", model.task() == Task.ChatCompletions ? "chat" : "text");
    variables.put("PROBE_MODEL", plan.modelId());
    variables.put("PROBE_TIMEOUT", Integer.toString(EngineProbe.COMPLETION_SECONDS));
    variables.put(
        "PROBE_TOOLS",
        Boolean.toString(model.task() == Task.ChatCompletions && model.capabilities().tools()));
    return variables.entrySet().stream()
        .map(
            variable ->
                new EnvVarBuilder()
                    .withName(variable.getKey())
                    .withValue(variable.getValue())
                    .build())
        .toList();
  }

  /** One real completion: a server can be healthy while its chat path is broken. */
  private static ResourceRequirements resources(EnginePlan plan, Machine machine) {
    Map<String, Quantity> limits = new TreeMap<>();
    limits.put("cpu", new Quantity(Integer.toString(machine.cores())));
    limits.put("memory", machine.memory());
    Map<String, Quantity> requests = new TreeMap<>();
    requests.put("cpu", machine.cpuRequest());
    requests.put("memory", machine.memory());
    machine
        .gpus()
        .ifPresent(
            gpus -> {
              var shared = new Quantity(Integer.toString(plan.tensorParallel()));
              limits.put(gpus.resource(), shared);
              requests.put(gpus.resource(), shared);
            });
    return new ResourceRequirementsBuilder().withLimits(limits).withRequests(requests).build();
  }

  private static SecurityContext containerSecurity(boolean readOnlyRoot) {
    return new SecurityContextBuilder()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(readOnlyRoot)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .build();
  }

  private static Map<String, String> nodeSelector(Machine machine, Scheduling scheduling) {
    Map<String, String> selector = new TreeMap<>(machine.nodeSelector());
    Optional.ofNullable(scheduling.nodeSelector()).ifPresent(selector::putAll);
    return selector;
  }

  private static List<Toleration> tolerations(Machine machine, Scheduling scheduling) {
    List<Toleration> tolerations = new ArrayList<>(machine.tolerations());
    Optional.ofNullable(scheduling.tolerations()).ifPresent(tolerations::addAll);
    return tolerations;
  }

  private static TopologySpreadConstraint spread(MistralDeployment deployment) {
    return new TopologySpreadConstraintBuilder()
        .withMaxSkew(1)
        .withTopologyKey("kubernetes.io/hostname")
        .withWhenUnsatisfiable("ScheduleAnyway")
        .withLabelSelector(
            new LabelSelectorBuilder().withMatchLabels(Labels.enginePods(deployment)).build())
        .build();
  }
}
