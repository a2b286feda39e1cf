package io.mistraloperator.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.gateway.testing.RawClient;
import io.mistraloperator.gateway.testing.StubEngine;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("B0.8 connections without a request are not kept for ever")
class ConnectionsTest extends ConnectionFixture {
  /** Returns when a connection that came now was closed for want of a request. */
  private void aNewcomerWasClosed() throws IOException {
    try (RawClient newcomer = new RawClient(gateway.port())) {
      assertThat(newcomer.closedByServer()).isTrue();
    }
  }

  @Test
  void oneThatSendsNothing() throws Exception {
    limits(SHORT, LONG);

    aNewcomerWasClosed();

    awaitNone();
  }

  @Test
  @DisplayName("one that sends the head of its first request byte by byte")
  void aHeadWithoutEnd() throws Exception {
    limits(SHORT, LONG);
    try (RawClient client = new RawClient(gateway.port())) {
      client.write("GET /endpoints/Chat-One/info HTTP/1.1\r\nhost: x\r\nx-slow: ");

      await().pollInterval(Duration.ofMillis(10)).atMost(SOON).until(() -> !takes(client, "x"));
    }
    awaitNone();
    assertThat(gateway.server().running()).isZero();
  }

  private static boolean takes(RawClient client, String text) throws IOException {
    client.socket().setSoTimeout(1);
    try {
      client.write(text);
      return client.socket().getInputStream().read() >= 0;
    } catch (SocketTimeoutException open) {
      return true;
    } catch (IOException closed) {
      return false;
    }
  }

  @Test
  @DisplayName("one that has been answered, and asks nothing more")
  void afterAnAnswer() throws Exception {
    limits(LONG, SHORT);
    try (RawClient client = new RawClient(gateway.port())) {
      client.chat(route, HELLO_STREAM);
      client.readUntil("[DONE]\n\n");

      assertThat(client.readAll()).doesNotContain("error");
    }
    awaitNone();
  }

  @Test
  @DisplayName("one that has been answered, and sends half of the next head")
  void halfANextHead() throws Exception {
    limits(LONG, SHORT);
    try (RawClient client = new RawClient(gateway.port())) {
      client.chat(route, HELLO_STREAM);
      client.readUntil("[DONE]\n\n");
      client.write("GET /endpoints/Chat-One/info HTTP/1.1\r\nx-slow: ");

      await().pollInterval(Duration.ofMillis(10)).atMost(SOON).until(() -> !takes(client, "x"));
    }
    awaitNone();
  }

  @Test
  @DisplayName("the next head has the time of a first one, however long one may be idle")
  void theLimitOfANextHead() throws Exception {
    limits(SHORT, LONG);
    try (RawClient client = new RawClient(gateway.port())) {
      client.chat(route, HELLO_STREAM);
      client.readUntil("[DONE]\n\n");
      aNewcomerWasClosed();
      aNewcomerWasClosed();
      client.write("GET /endpoints/Chat-One/info HTTP/1.1\r\nx-slow: ");

      await().pollInterval(Duration.ofMillis(10)).atMost(SOON).until(() -> !takes(client, "x"));
    }
    awaitNone();
  }

  @Test
  @DisplayName("the next head that begins during an answer does not cut it, and has its time after")
  void aNextHeadDuringAnAnswer() throws Exception {
    limits(SHORT, LONG);
    AtomicReference<HttpServerResponse> silent = silentEngine();
    try (RawClient client = new RawClient(gateway.port())) {
      client.chat(route, HELLO_STREAM);
      await().atMost(SOON).until(() -> silent.get() != null);
      client.write("GET /endpoints/Chat-One/info HTTP/1.1\r\nx-slow: ");
      aNewcomerWasClosed();
      aNewcomerWasClosed();
      silent.get().end(StubEngine.frames(StubEngine.answer()));

      assertThat(client.readAll()).contains("Hello", "[DONE]");
    }
    awaitNone();
  }

  @Test
  @DisplayName("one that does not even read its answer")
  void anAnswerThatNobodyReads() throws Exception {
    limits(LONG, SHORT);
    engine.streams(
        StubEngine.text("x".repeat(32 * 1024 * 1024)), StubEngine.chunk("{}", "stop"), "[DONE]");
    try (RawClient client = new RawClient(gateway.port())) {
      client.socket().setReceiveBufferSize(4 * 1024);
      client.chat(route, HELLO);
      await().atMost(SOON).until(() -> !engine.seen().isEmpty());

      awaitNone();
    }
    assertThat(gateway.server().running()).isZero();
  }

  @Test
  @DisplayName("between requests another limit holds than before the first")
  void betweenRequests() throws Exception {
    limits(Duration.ofSeconds(1), LONG);
    try (RawClient client = new RawClient(gateway.port())) {
      client.chat(route, HELLO_STREAM);
      client.readUntil("[DONE]\n\n");
      aNewcomerWasClosed();
      aNewcomerWasClosed();

      client.chat(route, HELLO_STREAM);
      client.readUntil("[DONE]\n\n");
    }
    assertThat(engine.seen()).hasSize(2);
  }

  @Test
  @DisplayName("an answer is not cut, however long the model is silent")
  void aSilentAnswer() throws Exception {
    limits(LONG, SHORT);
    AtomicReference<HttpServerResponse> silent = silentEngine();
    try (RawClient client = new RawClient(gateway.port())) {
      client.chat(route, HELLO_STREAM);
      await().atMost(SOON).until(() -> silent.get() != null);
      anIdleOneWasClosed();
      anIdleOneWasClosed();
      silent.get().end(StubEngine.frames(StubEngine.answer()));

      assertThat(client.readAll()).contains("Hello", "[DONE]");
    }
  }

  @Test
  @DisplayName("an answer is not cut, however slowly it is read")
  void aSlowReader() throws Exception {
    limits(LONG, SHORT);
    longAnswer();
    try (RawClient client = new RawClient(gateway.port())) {
      client.chat(route, HELLO_STREAM);
      for (int pause = 0; pause < 3; pause++) {
        client.readUntil("x".repeat(1_000));
        anIdleOneWasClosed();
      }

      assertThat(client.readAll().lines().filter(line -> line.startsWith("data: [DONE]")))
          .hasSize(1);
    }
  }

  @Test
  void limitsAreLongerThanZero() {
    assertThatThrownBy(() -> new ConnectionLimits(Duration.ZERO, LONG))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT0S");
  }
}
