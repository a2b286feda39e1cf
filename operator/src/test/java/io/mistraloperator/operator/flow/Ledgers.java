package io.mistraloperator.operator.flow;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/** Pods that use a node, and what is written about the time that they do. */
final class Ledgers {
  private final World world;

  Ledgers(World world) {
    this.world = world;
  }

  /** A pod that has had a node for some time. */
  Pod scheduled(String deployment, String name, Duration since) {
    world.until("the engine", () -> world.engine(world.project, deployment).isPresent());
    return world.reports.pod(
        world.engine(world.project, deployment).orElseThrow(),
        name,
        """
        phase: Running
        conditions: [{type: PodScheduled, status: 'True', lastTransitionTime: '%s'}]
        """
            .formatted(Instant.now().minus(since).truncatedTo(ChronoUnit.SECONDS)));
  }

  String uid(String deployment) {
    return world.deployment(deployment).getMetadata().getUid();
  }

  /** What is written of a deployment. */
  String of(String uid) {
    return Optional.ofNullable(
            world
                .client
                .configMaps()
                .inNamespace(world.platform)
                .withName("usage-" + world.project)
                .get())
        .map(ConfigMap::getData)
        .map(data -> data.get(uid))
        .orElse("{}");
  }

  /** Seconds of instances that the ledger has. */
  long counted(String uid) {
    Map<?, ?> meter = Serialization.unmarshal(of(uid), Map.class);
    return ((Map<?, ?>) Optional.<Object>ofNullable(meter.get("totals")).orElse(Map.of()))
        .values().stream()
            .mapToLong(amount -> ((Number) ((Map<?, ?>) amount).get("seconds")).longValue())
            .sum();
  }
}
