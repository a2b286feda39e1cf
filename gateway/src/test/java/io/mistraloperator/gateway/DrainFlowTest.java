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

  private static final String INFO = "GET /endpoints/Chat-One/info HTTP/1.1\r\nhost: x\r\n\r\n";

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
  @DisplayName("a kept connection gets one more answer, and is told that it was the last")
  void aKeptConnection() throws Exception {
    engineThatWaits();
    try (RawClient running = new RawClient(gateway.port());
        RawClient kept = new RawClient(gateway.port())) {
      running.chat(route, HELLO_STREAM);
      running.readUntil("Hel");
      kept.write(INFO);
      assertThat(kept.readUntil("\"Unauthorized\"")).doesNotContain("connection: close");

      gateway.server().drain(Duration.ofMinutes(1));
      kept.write(INFO);

      kept.readUntil("HTTP/1.1 401");
      kept.readUntil("connection: close\r\n");
      open.get().end(StubEngine.frames(StubEngine.chunk("{}", "stop"), "[DONE]"));
      running.readUntil("[DONE]");
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
