package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.gateway.route.Instance;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.RawClient;
import io.mistraloperator.gateway.testing.StubEngine;
import io.vertx.core.buffer.Buffer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("B4.12 the client leaves: the engine's work ends, in every phase")
class CancelFlowTest extends FlowFixture {
  private static final Duration SOON = Duration.ofSeconds(10);

  private void assertSettled(Instance instance) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(gateway.picker().outstanding(instance)).isZero();
              assertThat(gateway.server().running()).isZero();
              assertThat(
                      gateway
                          .registry()
                          .get("mistral.gateway.in.flight")
                          .tag("endpoint", route.endpoint())
                          .gauge()
                          .value())
                  .isZero();
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {HELLO, HELLO_STREAM})
  void beforeTheHeadOfTheAnswer(String body) throws Exception {
    engine.plays((request, response) -> {});
    try (RawClient client = new RawClient(gateway.port())) {
      client.chat(route, body);
      await().atMost(SOON).until(() -> engine.seen().size() == 1);
    }

    await().atMost(SOON).until(() -> engine.dropped() == 1);
    assertSettled(engine.instance());
  }

  @ParameterizedTest
  @ValueSource(strings = {HELLO, HELLO_STREAM})
  void beforeTheFirstToken(String body) throws Exception {
    engine.plays(
        (request, response) -> StubEngine.begin(response).write(Buffer.buffer(": wait\n\n")));
    try (RawClient client = new RawClient(gateway.port())) {
      client.chat(route, body);
      await().atMost(SOON).until(() -> engine.seen().size() == 1);
    }

    await().atMost(SOON).until(() -> engine.dropped() == 1);
    assertSettled(engine.instance());
  }

  @Test
  void whileStreaming() throws Exception {
    engine.plays(
        (request, response) ->
            StubEngine.begin(response).write(StubEngine.frames(StubEngine.text("Hel"))));
    try (RawClient client = new RawClient(gateway.port())) {
      client.chat(route, HELLO_STREAM);
      client.readUntil("Hel");
    }

    await().atMost(SOON).until(() -> engine.dropped() == 1);
    assertSettled(engine.instance());
  }

  @Test
  void whileAPlainAnswerIsMade() throws Exception {
    engine.plays(
        (request, response) ->
            StubEngine.begin(response).write(StubEngine.frames(StubEngine.text("Hel"))));
    try (RawClient client = new RawClient(gateway.port())) {
      client.chat(route, HELLO);
      await().atMost(SOON).until(() -> engine.seen().size() == 1);
    }

    await().atMost(SOON).until(() -> engine.dropped() == 1);
    assertSettled(engine.instance());
  }

  @Test
  void whileConnecting() throws Exception {
    List<Socket> filling = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // With its queue full, the kernel leaves further connections unanswered.
      for (int i = 0; i < 3; i++) {
        Socket socket = new Socket();
        filling.add(socket);
        try {
          socket.connect(new InetSocketAddress("127.0.0.1", full.getLocalPort()), 200);
        } catch (java.net.SocketTimeoutException queueIsFull) {
          break;
        }
      }
      Instance instance = new Instance("127.0.0.1", full.getLocalPort());
      gateway.instances(route, instance);
      try (RawClient client = new RawClient(gateway.port())) {
        client.chat(route, HELLO);
        await().atMost(SOON).until(() -> gateway.picker().outstanding(instance) > 0);
      }

      assertSettled(instance);
      // Not the connect time-out: that would have been told to nobody as a 503.
      assertThat(
              gateway
                  .registry()
                  .get("mistral.gateway.requests")
                  .tag("status", "4xx")
                  .counter()
                  .count())
          .isEqualTo(1);
      assertThat(gateway.registry().find("mistral.gateway.requests").tag("status", "5xx").counter())
          .isNull();
    } finally {
      for (Socket socket : filling) {
        socket.close();
      }
    }
  }

  @Test
  @DisplayName("a client that reads slowly slows the engine down and grows nothing here")
  void backPressure() throws Exception {
    AtomicLong written = new AtomicLong();
    AtomicLong last = new AtomicLong();
    Buffer frame = StubEngine.frames(StubEngine.text("x".repeat(16 * 1024)));
    int frames = 4_000;
    engine.plays(
        (request, response) -> {
          StubEngine.begin(response);
          pump(response, frame, written, frames);
        });
    try (RawClient client = new RawClient(gateway.port())) {
      client.socket().setReceiveBufferSize(16 * 1024);
      client.chat(route, HELLO_STREAM);
      client.readUntil("xxx");
      await()
          .atMost(Duration.ofSeconds(10))
          .pollInterval(Duration.ofMillis(300))
          .until(() -> written.get() > 0 && last.getAndSet(written.get()) == written.get());
      assertThat(written.get()).isLessThan(frames);
    }
    await().atMost(SOON).until(() -> engine.dropped() == 1);
    assertSettled(engine.instance());
  }

  private static void pump(
      io.vertx.core.http.HttpServerResponse response, Buffer frame, AtomicLong written, int most) {
    while (!response.writeQueueFull() && !response.closed() && written.get() < most) {
      response.write(frame);
      written.incrementAndGet();
    }
    response.drainHandler(drained -> pump(response, frame, written, most));
  }
}
