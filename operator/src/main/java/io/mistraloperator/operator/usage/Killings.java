package io.mistraloperator.operator.usage;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Asks when a kubelet ended pods that went while nobody looked; its events stay for an hour. */
final class Killings {
  private final KubernetesClient client;

  Killings(KubernetesClient client) {
    this.client = client;
  }

  /** When the containers of a pod were told to end; empty when nobody knows any more. */
  Optional<Instant> of(String namespace, String uid) {
    return client
        .v1()
        .events()
        .inNamespace(namespace)
        .withFields(
            Map.of("involvedObject.kind", "Pod", "involvedObject.uid", uid, "reason", "Killing"))
        .list()
        .getItems()
        .stream()
        .flatMap(Killings::time)
        .max(Comparator.naturalOrder());
  }

  private static Stream<Instant> time(Event event) {
    return Stream.of(event.getLastTimestamp(), event.getFirstTimestamp())
        .filter(Objects::nonNull)
        .map(Instant::parse)
        .limit(1);
  }
}
