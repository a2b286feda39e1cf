package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.mistraloperator.api.UsageStatus;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is counted of pods that the test plays; an instance of {@code flow-cpu} has 2 cores. */
@ExtendWith(ApiServerExtension.class)
class UsageFlowTest {
  private static final long HOUR = Duration.ofHours(1).toSeconds();

  private final World world;
  private final Ledgers ledgers;

  UsageFlowTest(ApiServer server) {
    this.world = new World(server);
    this.ledgers = new Ledgers(world);
    server.kubectl().output("apply", "-f", "src/test/resources/flow/priced.yaml");
  }

  @AfterEach
  void clear() {
    world.clear();
  }

  @Test
  @DisplayName("A22.3 A22.4 hours and cost of a deployment stand in its status and in counters")
  void tellsWhatIsUsed() {
    try (var operator = world.operator()) {
      world.deploy("chat", "instanceType: flow-priced");
      var pod = ledgers.scheduled("chat", "chat-1", Duration.ofMinutes(90));
      world.eventually(
          () -> assertThat(ledgers.counted(ledgers.uid("chat"))).isCloseTo(90 * 60, within(30L)));
      // The ledger is written before the status.
      world.until("the status tells it", () -> usage("chat") != null);
      var usage = usage("chat");
      // At the beginning of a month, most of it belongs to the last one.
      assertThat(usage.month()).hasSize(7);
      assertThat(Double.parseDouble(usage.coreHours()))
          .isCloseTo(2 * Double.parseDouble(usage.instanceHours()), within(0.02));
      assertThat(operator.meters().get("mistral.core.seconds").functionCounter().count())
          .isCloseTo(2.0 * 90 * 60, within(60.0));
      var cost = operator.meters().get("mistral.cost").functionCounter();
      assertThat(cost.count()).isCloseTo(1.5 * 6, within(0.1));
      assertThat(cost.getId().getTags().toString())
          .contains("flow-priced", "Flow-Chat", world.project, "USD");

      world.client.resource(pod).delete();
      world.eventually(
          () -> assertThat(ledgers.of(ledgers.uid("chat"))).contains("\"running\":[]"));
      long used = ledgers.counted(ledgers.uid("chat"));
      assertThat(used).isCloseTo(90 * 60, within(30L));
    }
  }

  @Test
  @DisplayName("T-B1 an operator that was down counts what pods and events tell, and nothing twice")
  void fillsTheGap() {
    String uid;
    Pod told;
    Pod untold;
    try (var _ = world.operator()) {
      world.deploy("chat", "instances: 3");
      told = ledgers.scheduled("chat", "told", Duration.ofHours(5));
      untold = ledgers.scheduled("chat", "untold", Duration.ofHours(5));
      ledgers.scheduled("chat", "stays", Duration.ofHours(5));
      uid = ledgers.uid("chat");
      world.eventually(
          () -> assertThat(ledgers.counted(ledgers.uid("chat"))).isCloseTo(15 * HOUR, within(60L)));
    }
    long before = ledgers.counted(uid);
    killing(told, Instant.now().plus(Duration.ofHours(1)));
    world.client.resource(told).delete();
    world.client.resource(untold).delete();
    ledgers.scheduled("chat", "later", Duration.ofHours(2));
    for (int start = 0; start < 2; start++) {
      world.client.leases().inNamespace(world.platform).delete();
      try (var operator = operatorAfter(Duration.ofHours(4))) {
        // One hour to its end, nothing that is proven, four of the one that stays, six of the new
        // one.
        world.eventually(
            () -> assertThat(ledgers.counted(uid) - before).isCloseTo(11 * HOUR, within(90L)));
        world.until(
            "the counters are there",
            () -> operator.meters().find("mistral.instance.seconds").functionCounter() != null);
        assertThat(operator.meters().get("mistral.instance.seconds").functionCounter().count())
            .as("the counter goes on from the ledger")
            .isCloseTo(before + 11 * HOUR, within(90.0));
      }
    }
  }

  @Test
  @DisplayName(
      "T-B1 a deployment that is deleted counts to the end of its last pod, and stays on the bill")
  void countsWhatIsDeletedToItsEnd() {
    try (var _ = world.operator()) {
      world.deploy("chat");
      var pod = ledgers.scheduled("chat", "chat-1", Duration.ofHours(1));
      String uid = ledgers.uid("chat");
      world.eventually(() -> assertThat(ledgers.counted(uid)).isCloseTo(HOUR, within(30L)));
      world.client.resource(world.deployment("chat")).delete();
      world.until("it is gone", () -> world.deployment("chat") == null);
      assertThat(ledgers.of(uid)).contains(pod.getMetadata().getUid());
      world.client.resource(pod).delete();
      world.eventually(() -> assertThat(ledgers.of(uid)).contains("\"running\":[]"));
      assertThat(ledgers.counted(uid)).isCloseTo(HOUR, within(60L));
    }
  }

  private RunningOperator operatorAfter(Duration time) {
    var clock = Clock.offset(Clock.systemUTC(), time);
    return RunningOperator.start(world.server, world.platform, clock, clock);
  }

  private void killing(Pod pod, Instant time) {
    world
        .client
        .resource(
            new EventBuilder()
                .withNewMetadata()
                .withName(pod.getMetadata().getName() + ".killing")
                .withNamespace(world.project)
                .endMetadata()
                .withNewInvolvedObject()
                .withKind("Pod")
                .withName(pod.getMetadata().getName())
                .withNamespace(world.project)
                .withUid(pod.getMetadata().getUid())
                .endInvolvedObject()
                .withReason("Killing")
                .withType("Normal")
                .withLastTimestamp(time.truncatedTo(ChronoUnit.SECONDS).toString())
                .build())
        .create();
  }

  private UsageStatus usage(String name) {
    return world.deployment(name).getStatus().usage();
  }
}
