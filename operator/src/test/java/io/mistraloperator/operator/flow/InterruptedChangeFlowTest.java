package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.mistraloperator.api.InferenceQuota;
import io.mistraloperator.api.InferenceQuotaStatus.Reservation;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import io.mistraloperator.operator.quota.Cores;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Deaths between two writes of a change to what serves, on a real API server. What a create and a
 * delete write is in {@link InterruptionFlowTest}.
 */
@ExtendWith(ApiServerExtension.class)
class InterruptedChangeFlowTest {
  private static final String NAME = "dies";
  private static final int CORES = 2;
  private static final int MOST_WRITES = 40;

  private final World world;
  private final Controllers controllers;

  InterruptedChangeFlowTest(ApiServer server) {
    this.world = new World(server);
    this.controllers = new Controllers(world);
  }

  @AfterEach
  void clear() {
    world.clear();
  }

  /** A size and a version. */
  private record Wanted(int instances, int contextLength) {
    static Wanted of(String words) {
      String[] numbers = words.split(" of ");
      return new Wanted(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
    }
  }

  @ParameterizedTest(
      name = "{0}, from {1} to {2}: killed between any two writes, it converges after the restart")
  @CsvSource({
    "more instances, 1 of 4096, 3 of 4096",
    "a new version and fewer instances, 2 of 2048, 1 of 4096",
  })
  void convergesWhereverItDies(String ignoredName, String before, String after) {
    Wanted from = Wanted.of(before);
    Wanted to = Wanted.of(after);
    deploy(from);
    String key = null;
    boolean died = true;
    int writes = 0;
    for (; died; writes++) {
      var death = Death.later();
      try (var operator = RunningOperator.start(world.server, world.platform, death)) {
        if (writes > 0) {
          settle(operator, to);
        }
        deploy(from);
        settle(operator, from);
        String now = World.text(world.keys(world.project, NAME).orElseThrow(), "primaryKey");
        assertThat(key == null ? now : key).as("the key stays").isEqualTo(now);
        key = now;
        death.comesAfter(writes);
        deploy(to);
        var quiet = new Quiet(operator);
        world.until(
            "death or the end",
            () -> {
              controllers.act();
              return death.hasCome() || isSettled(to) && quiet.isThere();
            });
        died = death.hasCome();
      }
      world.client.leases().inNamespace(world.platform).delete();
      assertThat(writes).as("writes of a change").isLessThan(MOST_WRITES);
    }
    isWhole(to);
    assertThat(writes).as("deaths that were tried").isGreaterThan(2);
  }

  private void deploy(Wanted wanted) {
    world.deploy(
        NAME, "instances: " + wanted.instances(), "contextLength: " + wanted.contextLength());
  }

  private void settle(RunningOperator operator, Wanted wanted) {
    var quiet = new Quiet(operator);
    world.until(
        wanted.toString(),
        () -> {
          controllers.act();
          return isSettled(wanted) && quiet.isThere();
        });
    isWhole(wanted);
  }

  private boolean isSettled(Wanted wanted) {
    var deployment = world.deployment(NAME);
    var status = deployment.getStatus();
    return status != null
        && status.observedGeneration().equals(deployment.getMetadata().getGeneration())
        && status.plan() != null
        && status.plan().contextLength() == wanted.contextLength()
        && status.rollout() == null
        && status.instances().summary().equals(wanted.instances() + "/" + wanted.instances())
        && world.condition(deployment, "Progressing").getStatus().equals("False");
  }

  /** What there is and what is reserved is that of the size, once. */
  private void isWhole(Wanted wanted) {
    var engine = world.engine(world.project, NAME).orElseThrow();
    assertThat(engine.getSpec().getReplicas()).isEqualTo(wanted.instances());
    var rolling = engine.getSpec().getStrategy().getRollingUpdate();
    assertThat(rolling.getMaxSurge()).isEqualTo(new IntOrString(1));
    assertThat(rolling.getMaxUnavailable()).isEqualTo(new IntOrString(0));
    assertThat(engine.getSpec().getTemplate().getSpec().getContainers().getFirst().getArgs())
        .containsSubsequence("--ctx-size", contextOfAll(wanted));
    assertThat(reserved())
        .extracting(Reservation::cores)
        .isEqualTo(
            wanted.instances() == 0 ? List.of() : List.of(Cores.needed(wanted.instances(), CORES)));
    assertThat(objects()).isEqualTo(wantedObjects(wanted));
    assertThat(world.route(NAME)).isPresent();
  }

  /** llama.cpp is told the tokens of all requests that it answers at a time. */
  private String contextOfAll(Wanted wanted) {
    int concurrency = world.deployment(NAME).getStatus().plan().concurrency();
    return Integer.toString(concurrency * wanted.contextLength());
  }

  private List<Reservation> reserved() {
    return world
        .quota(world.project)
        .map(InferenceQuota::getStatus)
        .flatMap(status -> Optional.ofNullable(status.reservations()))
        .orElse(List.of());
  }

  private Set<String> objects() {
    return world.versions(world.project).keySet().stream()
        .filter(object -> !object.startsWith("Event/"))
        .filter(object -> !object.startsWith("InferenceQuota/"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> wantedObjects(Wanted wanted) {
    var objects =
        new TreeSet<>(
            List.of(
                "MistralDeployment/dies",
                "Deployment/dies-engine",
                "Service/dies-engine",
                "Service/dies",
                "NetworkPolicy/dies-engine",
                "Secret/dies-keys",
                "ConfigMap/dies-keys"));
    if (wanted.instances() > 1) {
      objects.add("PodDisruptionBudget/dies-engine");
    }
    return objects;
  }
}
