package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.micrometer.core.instrument.Gauge;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A pass that is under way while its deployment goes, on a real API server. */
@ExtendWith(ApiServerExtension.class)
class LatePassFlowTest {
  private final World world;
  private final Quotas quotas;

  LatePassFlowTest(ApiServer server) {
    this.world = new World(server);
    this.quotas = new Quotas(world);
  }

  @AfterEach
  void clear() {
    world.clear();
  }

  /** Holds the pass that first writes keys, which it does before it asks for cores. */
  private final class Hold implements Interceptor {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch free = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
      for (var call : Calls.parse(request)) {
        boolean keys =
            call.isWrite()
                && call.resource().equals("/secrets")
                && call.namespace().equals(world.project);
        if (keys && begun.getCount() > 0) {
          begun.countDown();
          await(free);
        }
        // The status is the last that a pass writes.
        if (call.resource().endsWith("/status") && call.name().equals("goes")) {
          ended.countDown();
        }
      }
    }

    private static void await(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  @DisplayName("T-Q7 a pass that ends after its deployment leaves neither cores nor a metric of it")
  void leavesNothing() {
    world.limit(world.project, Map.of("flow", 100));
    var hold = new Hold();
    try (var operator = RunningOperator.start(world.server, world.platform, hold)) {
      world.deploy("goes");
      world.until("a pass", () -> hold.begun.getCount() == 0);
      world.client.resource(world.deployment("goes")).delete();
      // What the operator sees after the deletion proves that it has seen that, too.
      world.deploy("comes");
      quotas.satisfied("comes", "4 cores");
      hold.free.countDown();
      world.until("its end", () -> hold.ended.getCount() == 0);
      quotas.used("flow 4/100");
      assertThat(world.quota(world.project).orElseThrow().getStatus().reservations())
          .extracting(entry -> entry.name())
          .containsExactly("comes");
      assertThat(
              operator.meters().find("mistral.deployments").gauges().stream()
                  .mapToDouble(Gauge::value)
                  .sum())
          .isEqualTo(1);
    } finally {
      hold.free.countDown();
    }
  }
}
