package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mistraloperator.api.InferenceQuotaStatus.Reservation;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import io.mistraloperator.operator.process.OperatorProcess;
import io.mistraloperator.operator.quota.Cores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged operator is killed at random moments, while it starts and while it works, and people
 * create, scale, change and delete meanwhile. {@code -Dmistral.test.seed} sets another chance.
 */
@ExtendWith(ApiServerExtension.class)
class KillIT {
  private static final long SEED = Long.getLong("mistral.test.seed", 20_261_127L);
  private static final int DEATHS = 50;

  /** So many times in a row it does not come to the end of what it has to do. */
  private static final int DEATHS_IN_A_ROW = 25;

  /** One of so many dies before it leads. */
  private static final int DEATHS_FOR_ONE_AT_START = 5;

  private static final int MOST_MILLIS_OF_A_START = 2000;
  private static final int MOST_MILLIS_OF_WORK = 500;
  private static final int MOST_ACTS = 3;
  private static final Duration START = Duration.ofSeconds(60);
  private static final int CORES = 2;
  private static final List<String> NAMES =
      List.of("ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen");

  @TempDir private static Path folder;

  private final World world;
  private final Controllers controllers;
  private final Random random = new Random(SEED);
  private final Map<String, String> keysByUid = new HashMap<>();
  private final List<String> moments = new ArrayList<>();

  KillIT(ApiServer server) {
    this.world = new World(server);
    this.controllers = new Controllers(world);
  }

  @Test
  @DisplayName(
      "The process killed at 50 random moments of create, scale, rollout and delete: it converges, nothing is left over or doubled, the ledger is what runs")
  void convergesWheneverItIsKilled() {
    rehearse();
    try (var _ = controllers.acting()) {
      for (int death = 1; death <= DEATHS; death++) {
        die();
        assertThat(running()).as(words()).allSatisfy(this::isReserved);
        if (death % DEATHS_IN_A_ROW == 0) {
          settle();
        }
      }
    }
  }

  /** Runs once to its end, for a cache with which the next ones start in a third of the time. */
  private void rehearse() {
    try (var operator = start("-XX:AOTCacheOutput=" + cache())) {
      world.deploy("rehearsal");
      world.reports.serve(world.project, "rehearsal");
      world.untilReady("rehearsal");
      operator.terminate();
      await("the cache").atMost(START).until(() -> !operator.isAlive());
      assertThat(cache()).as(operator::log).isNotEmptyFile();
    }
    world.client.resource(world.deployment("rehearsal")).delete();
  }

  private Path cache() {
    return folder.resolve("operator.aot");
  }

  private OperatorProcess start(String flag) {
    // One that was killed gives no lease back, and the next one does not wait in a test.
    world.client.leases().inNamespace(world.platform).delete();
    return OperatorProcess.start(
        world.server.kubeconfig(),
        world.platform,
        // None lives long enough for the second compiler.
        List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", flag),
        Map.of());
  }

  private void die() {
    boolean atStart = random.nextInt(DEATHS_FOR_ONE_AT_START) == 0;
    int millis = random.nextInt(atStart ? MOST_MILLIS_OF_A_START : MOST_MILLIS_OF_WORK);
    int acts = 1 + random.nextInt(MOST_ACTS);
    moments.add("%d ms after %s".formatted(millis, atStart ? "its start" : "it leads"));
    try (var operator = start("-XX:AOTCache=" + cache())) {
      if (!atStart) {
        untilItLeads(operator);
      }
      IntStream.range(0, acts).forEach(number -> act());
      operator.killAfter(Duration.ofMillis(millis));
    }
  }

  private void untilItLeads(OperatorProcess operator) {
    await("it leads")
        .atMost(START)
        .pollInterval(Duration.ofMillis(100))
        .failFast(() -> assertThat(operator.isAlive()).as(operator::log).isTrue())
        .until(
            () -> !world.client.leases().inNamespace(world.platform).list().getItems().isEmpty());
  }

  private void settle() {
    try (var operator = start("-XX:AOTCache=" + cache())) {
      untilItLeads(operator);
      world.eventually(() -> isSettled(words()));
    }
  }

  /** What people do: one thing, to one deployment. */
  private void act() {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    var present = Optional.ofNullable(world.deployment(name));
    if (present.isPresent() && random.nextInt(4) == 0) {
      world.client.resource(present.get()).delete();
    } else {
      world.deploy(
          name,
          "instances: " + random.nextInt(4),
          "contextLength: " + (random.nextBoolean() ? 2048 : 4096));
    }
  }

  private void isReserved(Reservation running) {
    assertThat(ledger())
        .anySatisfy(
            held -> {
              assertThat(held.uid()).isEqualTo(running.uid());
              assertThat(held.cores()).isGreaterThanOrEqualTo(running.cores());
            });
  }

  private void isSettled(String words) {
    var deployments = world.deployments();
    assertThat(deployments).as(words).allSatisfy(this::isDone);
    assertThat(objects()).as(words).isEqualTo(wanted(deployments));
    assertThat(routes()).as(words).isEqualTo(names(deployments));
    assertThat(ledger()).as(words).containsExactlyInAnyOrderElementsOf(running());
    deployments.forEach(this::keepsItsKeys);
  }

  private void isDone(MistralDeployment deployment) {
    String name = deployment.getMetadata().getName();
    int instances = deployment.getSpec().instances();
    var status = deployment.getStatus();
    assertThat(status).isNotNull();
    assertThat(status.observedGeneration()).isEqualTo(deployment.getMetadata().getGeneration());
    assertThat(status.instances().summary()).isEqualTo(instances + "/" + instances);
    assertThat(status.plan().contextLength()).isEqualTo(deployment.getSpec().contextLength());
    assertThat(world.engine(world.project, name).orElseThrow().getSpec().getReplicas())
        .isEqualTo(instances);
  }

  private void keepsItsKeys(MistralDeployment deployment) {
    String name = deployment.getMetadata().getName();
    String key = World.text(world.keys(world.project, name).orElseThrow(), "primaryKey");
    assertThat(keysByUid.merge(deployment.getMetadata().getUid(), key, (first, now) -> first))
        .as("the key of " + name)
        .isEqualTo(key);
  }

  private static Set<String> names(List<MistralDeployment> deployments) {
    return deployments.stream()
        .map(deployment -> deployment.getMetadata().getName())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Set<String> routes() {
    return world.versions(world.platform).keySet().stream()
        .filter(object -> object.startsWith("InferenceRoute/"))
        .map(object -> object.substring(object.indexOf('/') + 1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Set<String> objects() {
    return world.versions(world.project).keySet().stream()
        .filter(object -> !object.startsWith("Event/"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> wanted(List<MistralDeployment> deployments) {
    Set<String> wanted =
        deployments.stream().flatMap(KillIT::wanted).collect(Collectors.toCollection(TreeSet::new));
    if (deployments.stream().anyMatch(deployment -> deployment.getSpec().instances() > 0)) {
      wanted.add("InferenceQuota/default");
    }
    return wanted;
  }

  private static Stream<String> wanted(MistralDeployment deployment) {
    String name = deployment.getMetadata().getName();
    return Stream.concat(
        Stream.of(
                "MistralDeployment/%s",
                "Deployment/%s-engine",
                "Service/%s-engine",
                "Service/%s",
                "NetworkPolicy/%s-engine",
                "Secret/%s-keys",
                "ConfigMap/%s-keys")
            .map(form -> form.formatted(name)),
        deployment.getSpec().instances() > 1
            ? Stream.of("PodDisruptionBudget/" + name + "-engine")
            : Stream.empty());
  }

  private List<Reservation> ledger() {
    return world
        .quota(world.project)
        .map(quota -> quota.getStatus())
        .map(status -> Optional.ofNullable(status.reservations()).orElse(List.of()))
        .orElse(List.of());
  }

  /** What the engines of living deployments need. */
  private List<Reservation> running() {
    Map<String, MistralDeployment> living =
        world.deployments().stream()
            .collect(Collectors.toMap(deployment -> deployment.getMetadata().getUid(), one -> one));
    return controllers.engines().stream()
        .filter(engine -> engine.getSpec().getReplicas() > 0)
        .filter(engine -> living.containsKey(owner(engine)))
        .map(
            engine ->
                new Reservation(
                    "MistralDeployment",
                    living.get(owner(engine)).getMetadata().getName(),
                    null,
                    owner(engine),
                    "flow",
                    engine.getSpec().getReplicas(),
                    Cores.needed(engine.getSpec().getReplicas(), CORES)))
        .toList();
  }

  private static String owner(HasMetadata engine) {
    return engine.getMetadata().getOwnerReferences().getFirst().getUid();
  }

  private String words() {
    return "-Dmistral.test.seed=%d, killed %s".formatted(SEED, String.join(", ", moments));
  }
}
