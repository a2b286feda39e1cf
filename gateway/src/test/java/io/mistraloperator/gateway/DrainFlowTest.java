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

@DisplayName("drain: what runs finishes, and clients are told to go elsewhere")
class DrainFlowTest extends FlowFixture {
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration LONG = Duration.ofMinutes(1);

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

      Future<Void> drained = gateway.server().drain(Duration.ZERO, LONG);
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
    try (RawClient kept = new RawClient(gateway.port())) {
      kept.write(INFO);
      assertThat(kept.readUntil("\"Unauthorized\"")).doesNotContain("connection: close");

      Future<Void> drained = gateway.server().drain(LONG, LONG);
      kept.write(INFO);

      kept.readUntil("HTTP/1.1 401");
      kept.readUntil("connection: close\r\n");
      kept.readAll();
      await("the end, since nobody is left").atMost(SOON).until(drained::succeeded);
    }
  }

  @Test
  @DisplayName("who was sent here too late to know better gets an answer, and is told to go")
  void aLateConnection() throws Exception {
    try (RawClient kept = new RawClient(gateway.port())) {
      kept.write(INFO);
      kept.readUntil("\"Unauthorized\"");
      gateway.server().drain(LONG, LONG);
      try (RawClient late = new RawClient(gateway.port())) {
        late.write(INFO);
        assertThat(late.readAll()).startsWith("HTTP/1.1 401").contains("connection: close\r\n");
      }
    }
  }

  @Test
  @DisplayName("a connection whose stream began before the drain has time for its next request")
  void afterAStream() throws Exception {
    engineThatWaits();
    try (RawClient client = new RawClient(gateway.port())) {
      client.chat(route, HELLO_STREAM);
      client.readUntil("Hel");
      gateway.server().drain(LONG, LONG);
      open.get().end(StubEngine.frames(StubEngine.chunk("{}", "stop"), "[DONE]"));
      client.readUntil("[DONE]");

      client.write(INFO);

      assertThat(client.readAll()).contains("HTTP/1.1 401").contains("connection: close\r\n");
    }
  }

  @Test
  @DisplayName("a connection that stays is closed after a quiet time")
  void aConnectionThatStays() throws Exception {
    try (RawClient kept = new RawClient(gateway.port())) {
      kept.write(INFO);
      kept.readUntil("\"Unauthorized\"");

      Future<Void> drained = gateway.server().drain(Duration.ofMillis(100), LONG);

      kept.readAll();
      await().atMost(SOON).until(drained::succeeded);
    }
  }

  @Test
  void theLimitCutsWhatDoesNotEnd() throws Exception {
    engineThatWaits();
    try (RawClient client = new RawClient(gateway.port())) {
      client.chat(route, HELLO_STREAM);
      client.readUntil("Hel");

      Future<Void> drained = gateway.server().drain(LONG, Duration.ofMillis(200));

      await().atMost(SOON).until(drained::succeeded);
      assertThat(client.readAll()).doesNotContain("[DONE]");
    }
    await().atMost(SOON).until(() -> engine.dropped() == 1);
  }
}
