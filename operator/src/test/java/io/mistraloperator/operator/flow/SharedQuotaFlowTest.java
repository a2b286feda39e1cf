package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Event;
import io.mistraloperator.api.InferenceQuota;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the platform lends for a test; an instance needs 4 cores of family {@code flow}. */
@ExtendWith(ApiServerExtension.class)
class SharedQuotaFlowTest {
  private static final String BORROWS = "sharedQuota: {acknowledged: true}";

  private final World world;

  SharedQuotaFlowTest(ApiServer server) {
    this.world = new World(server);
  }

  @AfterEach
  void clear() {
    world.clear();
  }

  @Test
  @DisplayName("A2.5 D2.25 all projects draw from one pool, whatever their own quota is")
  void projectsShareOnePool() {
    world.limit(world.project, Map.of("flow", 0));
    world.share(Map.of("flow", 6));
    String other = world.server.newNamespace();
    try (var _ = world.operator()) {
      world.deploy("borrows", BORROWS);
      satisfied(world.project, "borrows");
      assertThat(world.engine(world.project, "borrows")).isPresent();
      world.deployIn(other, "waits", BORROWS);
      world.eventually(
          () ->
              assertThat(quota(other, "waits").getMessage())
                  .contains("needs 4 cores of family flow")
                  .contains("shares 6 cores of flow with all projects, 2 left: short of 2"));
      assertThat(world.engine(other, "waits")).isEmpty();
      assertThat(world.used(world.project)).isEqualTo("flow 0/0");
      assertThat(world.shared().getStatus().summary()).isEqualTo("flow 4/6");
      assertThat(world.shared().getStatus().reservations())
          .singleElement()
          .returns(world.project, entry -> entry.project());

      world.client.resource(world.deployment("borrows")).delete();
      satisfied(other, "waits");
    } finally {
      world.client.resources(MistralDeployment.class).inNamespace(other).delete();
    }
  }

  @Test
  @DisplayName(
      "D2.25 where the platform shares nothing, and on models that are not for it, it says so")
  void saysWhatIsNotShared() {
    try (var _ = world.operator()) {
      world.deploy("nothing", BORROWS);
      world.eventually(
          () ->
              assertThat(quota(world.project, "nothing").getMessage())
                  .contains("shares 0 cores of flow", "make a new deployment without"));
      world.deploy("base", "model: Flow-Base", BORROWS);
      world.eventually(
          () -> {
            var plan = world.condition(world.deployment("base"), "PlanAccepted");
            assertThat(plan.getReason()).isEqualTo("SharedQuotaNotOffered");
            assertThat(plan.getMessage()).contains("Flow-Base", "without spec.sharedQuota");
          });

      world.share(Map.of("flow", 4));
      // Whoever finds no pool is in no queue, and asks with its next pass.
      world.deploy("nothing", BORROWS, "contextLength: 4096");
      satisfied(world.project, "nothing");
    }
  }

  @Test
  @DisplayName("D2.25 a quota named shared in a project says that it does not count there")
  void sharedCountsInThePlatformAlone() {
    try (var _ = world.operator()) {
      world.limit(world.project, InferenceQuota.SHARED, Map.of("flow", 100));
      world.eventually(
          () -> {
            var status =
                world
                    .client
                    .resources(InferenceQuota.class)
                    .inNamespace(world.project)
                    .withName(InferenceQuota.SHARED)
                    .get()
                    .getStatus();
            assertThat(status).isNotNull();
            assertThat(status.conditions())
                .singleElement()
                .returns("NotInForce", condition -> condition.getReason())
                .satisfies(
                    condition -> assertThat(condition.getMessage()).contains(world.platform));
          });
    }
  }

  @Test
  @DisplayName(
      "A2.6 D2.26 warned once a day before, deleted after 168 hours by both clocks, over restarts")
  void endsAfterAWeek() {
    world.share(Map.of("flow", 4));
    try (var _ = world.operator()) {
      world.deploy("week", BORROWS);
      satisfied(world.project, "week");
    }
    var made = Instant.parse(world.deployment("week").getMetadata().getCreationTimestamp());
    var end = made.plus(Duration.ofHours(168));
    assertThat(world.deployment("week").getStatus().expiresAt()).isEqualTo(end.toString());
    assertThat(expiring().getStatus()).isEqualTo("False");

    for (int start = 0; start < 2; start++) {
      try (var _ = operatorIn(145, 145)) {
        world.eventually(() -> assertThat(expiring().getStatus()).isEqualTo("True"));
        passed("contextLength: %d".formatted(1024 + start));
      }
    }
    assertThat(events("week", "ExpiresSoon"))
        .singleElement()
        .satisfies(message -> assertThat(message).contains(end.toString()));

    try (var _ = operatorIn(169, 145)) {
      passed("contextLength: 2048");
      assertThat(world.deployment("week").isMarkedForDeletion()).isFalse();
      assertThat(world.deployment("week").getStatus().expiresAt()).isEqualTo(end.toString());
    }

    try (var _ = operatorIn(169, 169)) {
      world.until("it is gone", () -> world.deployment("week") == null);
      world.until("its route is gone", () -> world.route("week").isEmpty());
      world.eventually(
          () -> assertThat(world.shared().getStatus().summary()).isEqualTo("flow 0/4"));
    }
    assertThat(events("week", "Expired")).hasSize(1);
  }

  /** An operator, and an API server, some hours after now. */
  private RunningOperator operatorIn(int hours, int serverHours) {
    world.client.leases().inNamespace(world.platform).delete();
    return RunningOperator.start(
        world.server,
        world.platform,
        Clock.offset(Clock.systemUTC(), Duration.ofHours(hours)),
        Clock.offset(Clock.systemUTC(), Duration.ofHours(serverHours)));
  }

  /** A pass over the deployment ends after this change. */
  private void passed(String change) {
    world.deploy("week", BORROWS, change);
    world.eventually(
        () -> {
          var deployment = world.deployment("week");
          assertThat(deployment.getStatus().observedGeneration())
              .isEqualTo(deployment.getMetadata().getGeneration());
        });
  }

  private Condition expiring() {
    return world.condition(world.deployment("week"), "Expiring");
  }

  private Condition quota(String namespace, String name) {
    return world.condition(world.deployment(namespace, name), "QuotaSatisfied");
  }

  private void satisfied(String namespace, String name) {
    world.eventually(
        () -> {
          var condition = quota(namespace, name);
          assertThat(condition.getStatus()).as(condition.getMessage()).isEqualTo("True");
        });
  }

  private List<String> events(String name, String reason) {
    return world.client.v1().events().inNamespace(world.project).list().getItems().stream()
        .filter(event -> event.getInvolvedObject().getName().equals(name))
        .filter(event -> event.getReason().equals(reason))
        .map(Event::getMessage)
        .toList();
  }
}
