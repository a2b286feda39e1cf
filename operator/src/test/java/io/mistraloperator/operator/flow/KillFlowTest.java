package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.OperatorException;
import io.mistraloperator.api.InferenceQuotaStatus.Reservation;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import io.mistraloperator.operator.quota.Cores;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The operator dies again and again, before a write that chance picks, while people create, scale,
 * change and delete. {@code -Dmistral.test.seed} sets another chance.
 */
@ExtendWith(ApiServerExtension.class)
class KillFlowTest {
  private static final long SEED = Long.getLong("mistral.test.seed", 20_261_127L);
  private static final int DEATHS = 50;

  /** So many times in a row it does not come to the end of what it has to do. */
  private static final int DEATHS_IN_A_ROW = 5;

  private static final int MOST_WRITES_OF_A_START = 14;
  private static final int MOST_WRITES_OF_A_CHANGE = 8;
  private static final int CORES = 2;
  private static final List<String> NAMES = List.of("ant", "bee", "cat", "dog");

  private final World world;
  private final Controllers controllers;
  private final Random random = new Random(SEED);
  private final Map<String, String> keysByUid = new HashMap<>();

  KillFlowTest(ApiServer server) {
    this.world = new World(server);
    this.controllers = new Controllers(world);
  }

  @Test
  @DisplayName(
      "Killed 50 times through create, scale, rollout and delete: it converges, nothing is left over or doubled, the ledger is what runs")
  void convergesWhereverItIsKilled() {
    int deaths = 0;
    while (deaths < DEATHS) {
      for (int i = 0; i < DEATHS_IN_A_ROW; i++) {
        deaths += random.nextBoolean() ? dieAtStart() : dieAtWork();
        assertThat(running()).as(words(deaths)).allSatisfy(this::isReserved);
      }
      try (var _ = world.operator()) {
        int death = deaths;
        world.eventually(
            () -> {
              controllers.act();
              isSettled(words(death));
            });
      }
      forgetTheLease();
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

  /** Starts with something to do; returns the number of deaths. */
  private int dieAtStart() {
    act();
    var death = new Death(random.nextInt(MOST_WRITES_OF_A_START));
    return run(death, operator -> {});
  }

  /** Gets something to do when all else is done; returns the number of deaths. */
  private int dieAtWork() {
    int writes = random.nextInt(MOST_WRITES_OF_A_CHANGE);
    var death = Death.later();
    return run(
        death,
        operator -> {
          untilDeathOrTheEnd(operator, death);
          death.comesAfter(writes);
          act();
        });
  }

  private int run(Death death, Consumer<RunningOperator> people) {
    try (var operator = RunningOperator.start(world.server, world.platform, death)) {
      people.accept(operator);
      untilDeathOrTheEnd(operator, death);
    } catch (OperatorException e) {
      assertThat(death.hasCome()).as("dead while it started").isTrue();
    }
    forgetTheLease();
    return death.hasCome() ? 1 : 0;
  }

  private void untilDeathOrTheEnd(RunningOperator operator, Death death) {
    var quiet = new Quiet(operator);
    world.until(
        "death or the end",
        () -> {
          controllers.act();
          return death.hasCome() || quiet.isThere();
        });
  }

  /** One that was killed gives nothing back, and the next one does not wait in a test. */
  private void forgetTheLease() {
    world.client.leases().inNamespace(world.platform).delete();
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
        deployments.stream()
            .flatMap(KillFlowTest::wanted)
            .collect(Collectors.toCollection(TreeSet::new));
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

  private static String words(int deaths) {
    return "-Dmistral.test.seed=%d, after %d deaths".formatted(SEED, deaths);
  }
}
