package io.mistraloperator.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.GatewayUnderTest;
import io.mistraloperator.gateway.testing.RawClient;
import io.mistraloperator.gateway.testing.StubEngine;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** A gateway that closes connections, and engines that take their time. */
abstract class ConnectionFixture extends FlowFixture {
  static final Duration SOON = Duration.ofSeconds(20);
  static final Duration SHORT = Duration.ofMillis(200);
  static final Duration LONG = Duration.ofMinutes(10);

  private static final String LONG_TEXT = "x".repeat(128 * 1024);

  void limits(Duration head, Duration idle) throws Exception {
    gateway.close();
    gateway = new GatewayUnderTest(vertx, new ConnectionLimits(head, idle));
    gateway.serve(route);
    gateway.instances(route, engine.instance());
    engine.streams(StubEngine.answer());
  }

  void awaitNone() {
    await().atMost(SOON).until(() -> gateway.server().connections() == 0);
  }

  /** Returns when a connection that was answered now was closed for want of another request. */
  void anIdleOneWasClosed() throws IOException {
    try (RawClient idle = new RawClient(gateway.port())) {
      idle.write("GET /endpoints/Chat-One/info HTTP/1.1\r\nhost: x\r\n\r\n");
      assertThat(idle.readAll()).startsWith("HTTP/1.1 401");
    }
  }

  /** More than all buffers on the way hold. */
  void longAnswer() {
    List<String> events = new ArrayList<>(Collections.nCopies(200, StubEngine.text(LONG_TEXT)));
    events.add(StubEngine.chunk("{}", "stop"));
    events.add("[DONE]");
    engine.streams(events.toArray(String[]::new));
  }

  AtomicReference<HttpServerResponse> silentEngine() {
    AtomicReference<HttpServerResponse> silent = new AtomicReference<>();
    engine.plays((request, response) -> silent.set(StubEngine.begin(response)));
    return silent;
  }
}
