package io.mistraloperator.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.gateway.testing.Certificates;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.GatewayUnderTest;
import io.mistraloperator.gateway.testing.RawClient;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("B0.8 connections without a request are not kept for ever")
class ConnectionsTest extends FlowFixture {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Duration LONG = Duration.ofMinutes(10);

  private static final String LONG_TEXT = "x".repeat(128 * 1024);

  @TempDir private Path directory;

  private void limits(Duration head, Duration idle) throws Exception {
    gateway.close();
    gateway = new GatewayUnderTest(vertx, new ConnectionLimits(head, idle));
    gateway.serve(route);
    gateway.instances(route, engine.instance());
    engine.streams(StubEngine.answer());
  }

  private void awaitNone() {
    await().atMost(SOON).until(() -> gateway.server().connections() == 0);
  }

  /** Returns when a connection that came now was closed for want of a request. */
  private void aNewcomerWasClosed() throws IOException {
    try (RawClient newcomer = new RawClient(gateway.port())) {
      assertThat(newcomer.closedByServer()).isTrue();
    }
  }

  /** Returns when a connection that was answered now was closed for want of another request. */
  private void anIdleOneWasClosed() throws IOException {
    try (RawClient idle = new RawClient(gateway.port())) {
      idle.write("GET /endpoints/Chat-One/info HTTP/1.1\r\nhost: x\r\n\r\n");
      assertThat(idle.readAll()).startsWith("HTTP/1.1 401");
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

  /** More than all buffers on the way hold. */
  private void longAnswer() {
    List<String> events = new ArrayList<>(Collections.nCopies(200, StubEngine.text(LONG_TEXT)));
    events.add(StubEngine.chunk("{}", "stop"));
    events.add("[DONE]");
    engine.streams(events.toArray(String[]::new));
  }

  @Test
  @DisplayName("HTTP/2: an answer is not cut, however slowly it is read")
  void aSlowMultiplexedReader() throws Exception {
    limits(LONG, SHORT);
    longAnswer();
    AtomicReference<HttpClientResponse> slow = new AtomicReference<>();
    StringBuffer read = new StringBuffer();
    Future<Void> end =
        multiplexedRequest(tls())
            .compose(request -> request.send(HELLO_STREAM))
            .compose(
                response -> {
                  response.pause().handler(read::append);
                  slow.set(response);
                  return response.end();
                });
    for (int pause = 0; pause < 3; pause++) {
      await().atMost(SOON).until(() -> slow.get() != null);
      slow.get().fetch(1);
      anIdleOneWasClosed();
    }
    assertThat(end.isComplete()).isFalse();
    slow.get().resume();

    end.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    assertThat(read.toString()).endsWith("data: [DONE]\n\n").doesNotContain("error");
  }

  private AtomicReference<HttpServerResponse> silentEngine() {
    AtomicReference<HttpServerResponse> silent = new AtomicReference<>();
    engine.plays((request, response) -> silent.set(StubEngine.begin(response)));
    return silent;
  }

  private int tls() throws Exception {
    Certificates.write(directory, "idle");
    TlsListener listener = new TlsListener(vertx, gateway.server(), new TlsFiles(directory), 0);
    listener.start(Duration.ofMillis(50));
    await().atMost(SOON).until(listener::ready);
    listener.stop();
    return listener.port();
  }

  @Test
  @DisplayName("one that does not even begin with TLS")
  void noHandshake() throws Exception {
    limits(SHORT, LONG);
    try (RawClient client = new RawClient(tls())) {
      assertThat(client.closedByServer()).isTrue();
    }
    awaitNone();
  }

  @Test
  @DisplayName("HTTP/2: closed once it has no stream, and not before")
  void multiplexed() throws Exception {
    limits(LONG, SHORT);
    AtomicReference<HttpServerResponse> silent = silentEngine();
    AtomicBoolean closed = new AtomicBoolean();
    Future<String> answer =
        multiplexedRequest(tls())
            .onSuccess(request -> request.connection().closeHandler(end -> closed.set(true)))
            .compose(request -> request.send(HELLO_STREAM))
            .compose(HttpClientResponse::body)
            .map(Object::toString);
    await().atMost(SOON).until(() -> silent.get() != null);
    anIdleOneWasClosed();
    anIdleOneWasClosed();
    assertThat(closed).isFalse();
    silent.get().end(StubEngine.frames(StubEngine.answer()));

    assertThat(answer.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS))
        .contains("Hello", "[DONE]");
    await().atMost(SOON).untilTrue(closed);
    awaitNone();
  }

  private Future<HttpClientRequest> multiplexedRequest(int port) {
    HttpClient client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setUseAlpn(true)
                .setSsl(true)
                .setTrustAll(true)
                .setVerifyHost(false));
    return client.request(
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost("localhost")
            .setPort(port)
            .setURI("/endpoints/Chat-One/chat/completions")
            .putHeader("api-key", Routes.PRIMARY)
            .putHeader("content-type", "application/json"));
  }

  @Test
  void limitsAreLongerThanZero() {
    assertThatThrownBy(() -> new ConnectionLimits(Duration.ZERO, LONG))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT0S");
  }
}
