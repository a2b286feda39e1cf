package io.mistraloperator.operator.usage;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.mistraloperator.operator.catalogue.Catalogue;
import io.mistraloperator.operator.catalogue.Machine;
import io.mistraloperator.operator.kube.Labels;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Reads what engine pods say about their time. */
public final class Sightings {
  private static final Set<String> OVER = Set.of("Succeeded", "Failed");

  private Sightings() {}

  /**
   * Of pods that have a node; the others cost nothing.
   *
   * @param instanceType of pods that do not name theirs
   */
  public static List<Sighting> of(Collection<Pod> pods, Catalogue catalogue, String instanceType) {
    return pods.stream()
        .map(pod -> of(pod, catalogue, instanceType))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<Sighting> of(Pod pod, Catalogue catalogue, String instanceType) {
    boolean over = isOver(pod);
    return since(pod, "PodScheduled", "True")
        .map(
            since ->
                new Sighting(
                    pod.getMetadata().getUid(),
                    since,
                    finished(pod).or(() -> over ? since(pod, "Ready", "False") : Optional.empty()),
                    over,
                    Optional.ofNullable(pod.getMetadata().getDeletionTimestamp())
                        .map(Instant::parse),
                    rate(pod, catalogue, instanceType)));
  }

  private static boolean isOver(Pod pod) {
    return OVER.contains(Objects.requireNonNullElse(pod.getStatus().getPhase(), ""));
  }

  private static Optional<Instant> since(Pod pod, String type, String status) {
    return pod.getStatus().getConditions().stream()
        .filter(condition -> condition.getType().equals(type))
        .filter(condition -> condition.getStatus().equals(status))
        .map(PodCondition::getLastTransitionTime)
        .filter(Objects::nonNull)
        .map(Instant::parse)
        .findFirst();
  }

  /** When the last container ended; empty while one runs or is to be started again. */
  static Optional<Instant> finished(Pod pod) {
    List<ContainerStatus> containers = pod.getStatus().getContainerStatuses();
    boolean going = isOver(pod) || pod.isMarkedForDeletion();
    boolean allEnded =
        !containers.isEmpty()
            && containers.stream().allMatch(status -> terminated(status).isPresent());
    return going && allEnded
        ? Stream.concat(containers.stream(), pod.getStatus().getInitContainerStatuses().stream())
            .map(Sightings::terminated)
            .flatMap(Optional::stream)
            .map(ContainerStateTerminated::getFinishedAt)
            .filter(Objects::nonNull)
            .map(Instant::parse)
            .max(Comparator.naturalOrder())
        : Optional.empty();
  }

  private static Optional<ContainerStateTerminated> terminated(ContainerStatus status) {
    return Optional.ofNullable(status.getState()).map(state -> state.getTerminated());
  }

  private static Rate rate(Pod pod, Catalogue catalogue, String instanceType) {
    String type = pod.getMetadata().getLabels().getOrDefault(Labels.INSTANCE_TYPE, instanceType);
    return new Rate(
        type,
        amount(pod, "cpu"::equals),
        // Extended resources, GPUs among them, have a domain in their names.
        amount(pod, name -> name.contains("/")),
        catalogue.machine(type).map(Machine::pricePerHour).orElse(BigDecimal.ZERO));
  }

  private static int amount(Pod pod, Predicate<String> resource) {
    return pod.getSpec().getContainers().stream()
        .map(Container::getResources)
        .filter(Objects::nonNull)
        .map(ResourceRequirements::getLimits)
        .filter(Objects::nonNull)
        .flatMap(limits -> limits.entrySet().stream())
        .filter(limit -> resource.test(limit.getKey()))
        .map(limit -> limit.getValue().getNumericalAmount())
        .reduce(BigDecimal.ZERO, BigDecimal::add)
        .setScale(0, RoundingMode.UP)
        .intValueExact();
  }
}
