package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A pass that counts long after a pod has gone, on a real API server. */
@ExtendWith(ApiServerExtension.class)
class LateCountFlowTest {
  private final World world;
  private final Ledgers ledgers;

  LateCountFlowTest(ApiServer server) {
    this.world = new World(server);
    this.ledgers = new Ledgers(world);
  }

  @AfterEach
  void clear() {
    world.clear();
  }

  /** Holds the pass that writes an engine, which it does before it counts. */
  private static final class Hold implements Interceptor {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch free = new CountDownLatch(1);
    private volatile boolean armed;

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
      boolean engine =
          Calls.parse(request).stream()
              .anyMatch(
                  call ->
                      call.isWrite()
                          && call.resource().equals("apps/deployments")
                          && call.name().equals("chat-engine"));
      if (armed && engine && begun.getCount() > 0) {
        begun.countDown();
        try {
          free.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /** The system's time, or later. */
  private static final class LateClock extends Clock {
    private volatile Duration late = Duration.ZERO;

    @Override
    public Instant instant() {
      return Instant.now().plus(late);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @Test
  @DisplayName("T-B1 a pod counts to when it went, however late the pass is that counts it")
  void countsToWhenItWent() {
    var clock = new LateClock();
    var hold = new Hold();
    try (var _ = RunningOperator.start(world.server, world.platform, clock, clock, hold)) {
      world.deploy("chat");
      var pod = ledgers.scheduled("chat", "chat-1", Duration.ofHours(1));
      String uid = ledgers.uid("chat");
      world.eventually(() -> assertThat(ledgers.counted(uid)).isCloseTo(3600, within(30L)));
      hold.armed = true;
      world.deploy("chat", "instances: 2");
      world.until("the pass that has seen it", () -> hold.begun.getCount() == 0);
      world.client.resource(pod).delete();
      // What is counted of a later pod proves that the operator has seen the first one go.
      world.deploy("proof");
      ledgers.scheduled("proof", "proof-1", Duration.ofHours(1));
      world.eventually(() -> assertThat(ledgers.counted(ledgers.uid("proof"))).isPositive());
      clock.late = Duration.ofHours(1);
      hold.free.countDown();
      world.eventually(() -> assertThat(ledgers.of(uid)).contains("\"running\":[]"));
      assertThat(ledgers.counted(uid)).isCloseTo(3600, within(60L));
    } finally {
      hold.free.countDown();
    }
  }
}
