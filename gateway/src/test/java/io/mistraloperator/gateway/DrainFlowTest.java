package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.RawClient;
import io.mistraloperator.gateway.testing.StubEngine;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("drain: what runs finishes, nothing new begins")
class DrainFlowTest extends FlowFixture {
  private static final Duration SOON = Duration.ofSeconds(5);

  private final AtomicReference<HttpServerResponse> open = new AtomicReference<>();

  private void engineThatWaits() {
    engine.plays(
        (request, response) -> {
          StubEngine.begin(response).write(StubEngine.frames(StubEngine.text("Hel")));
          open.set(response);
        });
  }

  @Test
  void aRunningStreamFinishes() throws Exception {
    engineThatWaits();
    try (RawClient client = new RawClient(gateway.port())) {
      client.chat(route, HELLO_STREAM);
      client.readUntil("Hel");

      Future<Void> drained = gateway.server().drain(Duration.ofMinutes(1));
      try (RawClient late = new RawClient(gateway.port())) {
        assertThat(late.closedByServer()).isTrue();
      }
      assertThat(drained.isComplete()).isFalse();
      open.get()
          .end(StubEngine.frames(StubEngine.text("lo"), StubEngine.chunk("{}", "stop"), "[DONE]"));

      assertThat(client.readUntil("[DONE]")).contains("lo");
      await().atMost(SOON).until(drained::succeeded);
    }
  }

  @Test
  void theLimitCutsWhatDoesNotEnd() throws Exception {
    engineThatWaits();
    try (RawClient client = new RawClient(gateway.port())) {
      client.chat(route, HELLO_STREAM);
      client.readUntil("Hel");

      Future<Void> drained = gateway.server().drain(Duration.ofMillis(200));

      await().atMost(SOON).until(drained::succeeded);
      assertThat(client.readAll()).doesNotContain("[DONE]");
    }
    await().atMost(SOON).until(() -> engine.dropped() == 1);
  }
}
