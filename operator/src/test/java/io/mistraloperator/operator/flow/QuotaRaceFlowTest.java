package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.mistraloperator.api.InferenceQuota;
import io.mistraloperator.api.InferenceQuotaStatus.Reservation;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import io.mistraloperator.operator.kube.OwnerReferences;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many at once against one quota, on a real API server. */
@ExtendWith(ApiServerExtension.class)
class QuotaRaceFlowTest {
  private static final int CREATED = 200;
  private static final int FIT = 50;

  /** One instance of flow-cpu needs 4. */
  private static final int LIMIT = 4 * FIT;

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final World world;

  QuotaRaceFlowTest(ApiServer server) {
    this.world = new World(server);
  }

  @Test
  @DisplayName(
      "200 concurrent creates against a quota for 50: 50 run, the rest say why, one freed starts one")
  void fiftyOfTwoHundredRun() throws InterruptedException {
    world.limit(world.project, Map.of("flow", LIMIT));
    var most = new AtomicInteger();
    var unreserved = ConcurrentHashMap.<String>newKeySet();
    try (var _ =
            world
                .client
                .resources(InferenceQuota.class)
                .inNamespace(world.project)
                .watch(each(quota -> most.accumulateAndGet(reserved(quota), Math::max)));
        var _ =
            world
                .client
                .apps()
                .deployments()
                .inNamespace(world.project)
                .watch(each(engine -> unreserved.addAll(withoutCores(engine))));
        var _ = world.operator();
        var clients = Executors.newFixedThreadPool(16)) {
      IntStream.range(0, CREATED)
          .<Callable<?>>mapToObj(i -> () -> world.deploy("d" + i, "expose: false"))
          .forEach(clients::submit);
      until("everybody to be told", () -> with("True").size() + with("False").size() == CREATED);
      until("the fifty to run", () -> running().size() == FIT);
      assertThat(with("True")).isEqualTo(running());
      assertThat(world.deployments())
          .filteredOn(deployment -> with(deployment, "False"))
          .hasSize(CREATED - FIT)
          .allSatisfy(
              deployment ->
                  assertThat(world.condition(deployment, "Ready").getReason())
                      .isEqualTo("OutOfQuota"));

      var before = running();
      world.client.resource(world.deployment(before.iterator().next())).delete();
      until("another one to start", () -> running().size() == FIT && !running().equals(before));
      assertThat(world.used(world.project)).isEqualTo("flow 200/200");
      assertThat(most).as("most cores that were ever reserved").hasValue(LIMIT);
      assertThat(unreserved).as("engines that were made before their cores").isEmpty();
    } finally {
      world.clear();
    }
  }

  private static int reserved(InferenceQuota quota) {
    return quota.getStatus() == null
        ? 0
        : quota.getStatus().reservations().stream().mapToInt(Reservation::cores).sum();
  }

  /** The ledger is written before the engine, so the server has it when the engine is seen. */
  private Set<String> withoutCores(Deployment engine) {
    String owner = OwnerReferences.controllerOf(engine).orElseThrow().getUid();
    return world.quota(world.project).orElseThrow().getStatus().reservations().stream()
            .anyMatch(entry -> entry.uid().equals(owner) || isGone(owner))
        ? Set.of()
        : Set.of(engine.getMetadata().getName());
  }

  private boolean isGone(String uid) {
    return world.deployments().stream()
        .noneMatch(owner -> owner.getMetadata().getUid().equals(uid));
  }

  private Set<String> with(String satisfied) {
    return world.deployments().stream()
        .filter(deployment -> with(deployment, satisfied))
        .map(deployment -> deployment.getMetadata().getName())
        .collect(Collectors.toSet());
  }

  private boolean with(MistralDeployment deployment, String satisfied) {
    return world.condition(deployment, "QuotaSatisfied").getStatus().equals(satisfied);
  }

  /** Living deployments that have instances. */
  private Set<String> running() {
    var owners =
        world.deployments().stream()
            .collect(
                Collectors.toMap(
                    owner -> owner.getMetadata().getUid(), owner -> owner.getMetadata().getName()));
    return world.client.apps().deployments().inNamespace(world.project).list().getItems().stream()
        .filter(engine -> engine.getSpec().getReplicas() > 0)
        .map(
            engine ->
                Optional.ofNullable(
                    owners.get(OwnerReferences.controllerOf(engine).orElseThrow().getUid())))
        .flatMap(Optional::stream)
        .collect(Collectors.toSet());
  }

  private static void until(String what, Callable<Boolean> holds) {
    await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(holds);
  }

  private static <T> Watcher<T> each(java.util.function.Consumer<T> look) {
    return new Watcher<>() {
      @Override
      public void eventReceived(Action action, T object) {
        if (action != Action.DELETED) {
          look.accept(object);
        }
      }

      @Override
      public void onClose(WatcherException cause) {
        throw new AssertionError("the watch has ended", cause);
      }
    };
  }
}
