package io.mistraloperator.operator.diagnosis;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads warning events of single pods and of their claims: what keeps a pod from being made stands
 * there only. Events are not watched, there are too many of them.
 */
@Singleton
public class Warnings {
  private static final int SHOWN = 2;

  /** What the kubelet repeats every two minutes at most; older ones are overcome. */
  private static final Duration RECENT = Duration.ofMinutes(3);

  private static final Set<String> TELLING =
      Set.of(
          "FailedMount",
          "FailedAttachVolume",
          "FailedCreatePodSandBox",
          "FailedToRetrieveImagePullSecret",
          "ProvisioningFailed",
          "FailedBinding");

  private final KubernetesClient client;
  private final Clock clock;

  public Warnings(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** The newest warnings about each pod, by its uid; pods without any are absent. */
  public Map<String, String> about(List<Pod> pods) {
    Map<String, String> warnings = new HashMap<>();
    for (Pod pod : pods) {
      String text =
          Stream.concat(
                  of(pod.getMetadata().getNamespace(), "Pod", pod.getMetadata().getName())
                      .filter(event -> uid(event).equals(pod.getMetadata().getUid())),
                  claims(pod)
                      .flatMap(
                          claim ->
                              of(pod.getMetadata().getNamespace(), "PersistentVolumeClaim", claim)))
              .filter(event -> TELLING.contains(event.getReason()))
              .filter(event -> time(event).isAfter(clock.instant().minus(RECENT)))
              .sorted(Comparator.comparing(Warnings::time).reversed())
              .map(Event::getMessage)
              .filter(Objects::nonNull)
              .distinct()
              .limit(SHOWN)
              .collect(Collectors.joining("; "));
      if (!text.isEmpty()) {
        warnings.put(pod.getMetadata().getUid(), text);
      }
    }
    return warnings;
  }

  private Stream<Event> of(String namespace, String kind, String name) {
    return client
        .v1()
        .events()
        .inNamespace(namespace)
        .withFields(
            Map.of("involvedObject.kind", kind, "involvedObject.name", name, "type", "Warning"))
        .list()
        .getItems()
        .stream();
  }

  private static Stream<String> claims(Pod pod) {
    return pod.getSpec().getVolumes().stream()
        .map(Volume::getPersistentVolumeClaim)
        .filter(Objects::nonNull)
        .map(claim -> claim.getClaimName());
  }

  private static String uid(Event event) {
    return Objects.requireNonNullElse(event.getInvolvedObject().getUid(), "");
  }

  private static Instant time(Event event) {
    return Optional.ofNullable(event.getLastTimestamp())
        .or(
            () ->
                Optional.ofNullable(event.getSeries())
                    .flatMap(series -> Optional.ofNullable(series.getLastObservedTime()))
                    .map(time -> time.getTime()))
        .or(() -> Optional.ofNullable(event.getEventTime()).map(time -> time.getTime()))
        .map(Instant::parse)
        .orElse(Instant.EPOCH);
  }
}
