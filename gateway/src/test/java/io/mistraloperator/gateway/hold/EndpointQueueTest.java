package io.mistraloperator.gateway.hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.api.Engine;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.route.Deployment;
import io.mistraloperator.gateway.route.Instance;
import io.mistraloperator.gateway.route.InstanceDirectory;
import io.mistraloperator.gateway.route.Queueing;
import io.mistraloperator.gateway.testing.Routes;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("B7, D2.12, T-Z2 the queue of one deployment")
class EndpointQueueTest {
  private static final Duration USUAL = Duration.ofSeconds(30);
  private static final Duration HOLD = Duration.ofMinutes(10);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Instance INSTANCE = new Instance("10.0.0.1", 8080);

  private final Vertx vertx = Vertx.vertx();
  private final InstanceDirectory instances = new InstanceDirectory();
  private final Deployment deployment = waiting(Optional.of(new Queueing.Hold(1, 1_000, HOLD)));
  private final List<Refusal> refused = new CopyOnWriteArrayList<>();
  private final AtomicInteger admitted = new AtomicInteger();
  private long nanos;
  private EndpointQueue queue = queue(deployment);

  private static Deployment waiting(Optional<Queueing.Hold> hold) {
    return Routes.only(
        Routes.queueing(
            Routes.route("chat", Engine.LlamaCpp, Routes.CHAT),
            new Queueing(OptionalInt.of(1), PATIENCE, hold)));
  }

  private EndpointQueue queue(Deployment of) {
    return new EndpointQueue(
        of, instances, new Budget(10, 1_000), () -> false, Runnable::run, () -> nanos);
  }

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private Ticket enter() {
    Ticket ticket =
        new Ticket(
            vertx,
            queue,
            10,
            Optional.empty(),
            new Waiter() {
              @Override
              public void waits() {}

              @Override
              public void admitted() {
                admitted.incrementAndGet();
              }

              @Override
              public void refused(Refusal reason) {
                refused.add(reason);
              }
            });
    ticket.enter();
    return ticket;
  }

  private void ready(Instance... ready) {
    instances.replace(Map.of(deployment.service(), List.of(ready)));
    queue.release();
  }

  private void passes(Duration time) {
    nanos += time.toNanos();
  }

  private void assertRefused(Refusal reason) {
    await().until(() -> !refused.isEmpty());
    assertThat(refused)
        .singleElement()
        .returns(reason.code(), Refusal::code)
        .returns(reason.getMessage(), Refusal::getMessage);
  }

  private Duration toldOneMore() {
    Ticket waits = enter();
    enter();
    waits.leave();
    return refused.removeLast().retryAfter().orElseThrow();
  }

  @Test
  void asLongAsAStartUsuallyTakes() {
    assertThat(toldOneMore()).isEqualTo(USUAL);
  }

  @Test
  void asLongAsTheLastStartTook() {
    Ticket waits = enter();
    passes(Duration.ofSeconds(90));
    ready(INSTANCE);
    waits.leave();
    ready();

    assertThat(toldOneMore()).isEqualTo(Duration.ofSeconds(90));
  }

  @Test
  @DisplayName("a wait that nobody waited to the end tells nothing of how long a start takes")
  void whoLeavesHasSeenNoStart() {
    enter().leave();
    passes(Duration.ofHours(3));
    Ticket waits = enter();
    passes(Duration.ofSeconds(20));
    ready(INSTANCE);
    waits.leave();
    ready();

    assertThat(toldOneMore()).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  @DisplayName("a request that does not wait for a model to start waits for the news that it has")
  void theTableIsAMomentLate() {
    queue = queue(waiting(Optional.empty()));
    enter();
    passes(Admission.MOMENT.minusMillis(1));

    ready(INSTANCE);

    await().until(() -> admitted.get() == 1);
    assertThat(refused).isEmpty();
  }

  @Test
  @DisplayName("B7 without an instance, and without a wait for one to start, it is a 503")
  void noInstance() {
    queue = queue(waiting(Optional.empty()));
    Ticket ticket = enter();
    passes(Admission.MOMENT);

    assertThat(queue.late(ticket)).isEmpty();

    assertRefused(Refusals.noneReady());
  }

  @Test
  @DisplayName("who came before the first instance was known waits as long as others for a place")
  void whoCameBeforeTheFirstInstance() {
    queue = queue(waiting(Optional.empty()));
    enter();
    Ticket second = enter();
    ready(INSTANCE);
    await().until(() -> admitted.get() == 1);
    passes(Admission.MOMENT);

    assertThat(queue.late(second)).contains(PATIENCE.minus(Admission.MOMENT));

    passes(PATIENCE);
    assertThat(queue.late(second)).isEmpty();
    assertRefused(Refusals.stillBusy(PATIENCE));
  }

  @Test
  @DisplayName("a gateway that drains says of a model that does not start no more than it knows")
  void draining() {
    queue = queue(waiting(Optional.empty()));
    enter();

    queue.drain();

    assertRefused(Refusals.noneReady());
  }
}
