package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.api.Engine;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("C7.2 an engine closes a connection in the moment in which it gets a request")
class UsedConnectionFlowTest extends FlowFixture {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final Route keeping = Routes.route("Kept", Engine.VLLM, Routes.CHAT);
  private final Set<HttpConnection> used = ConcurrentHashMap.newKeySet();

  @BeforeEach
  void oneAnswerPerConnection() {
    gateway.serve(keeping);
    gateway.instances(keeping, engine.instance());
  }

  /** The engine answers the first request of each connection; any other gets {@code end}. */
  private void afterwards(Consumer<HttpServerRequest> end) {
    engine.plays(
        (request, response) -> {
          if (used.add(request.connection())) {
            StubEngine.begin(response).end(StubEngine.frames(StubEngine.answer()));
          } else {
            end.accept(request);
          }
        });
    assertThat(ask(HELLO).statusCode()).isEqualTo(200);
    await().atMost(SOON).until(() -> gateway.server().running() == 0);
  }

  private HttpResponse<String> ask(String body) {
    return gateway.post(keeping, "/chat/completions", body);
  }

  @ParameterizedTest
  @ValueSource(strings = {HELLO, HELLO_STREAM})
  @DisplayName("the request goes out again on a new one, and is no failure of the engine")
  void again(String body) {
    afterwards(request -> request.connection().close());

    HttpResponse<String> answer = ask(body);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("Hello");
    assertThat(engine.seen()).hasSize(3);
    assertThat(engine.seen().getLast().body()).isEqualTo(engine.seen().get(1).body());
    assertThat(used).hasSize(2);
    assertThat(gateway.registry().find("mistral.gateway.engine.errors").counter()).isNull();
  }

  @Test
  @DisplayName("a new one that breaks too is the end")
  void once() {
    afterwards(request -> request.connection().close());
    engine.plays((request, response) -> request.connection().close());

    HttpResponse<String> answer = ask(HELLO);

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(engine.seen()).hasSize(3);
  }

  @Test
  @DisplayName("what breaks later has been seen and is not tried again")
  void later() {
    afterwards(request -> vertx.setTimer(500, due -> request.connection().close()));

    HttpResponse<String> answer = ask(HELLO);

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(engine.seen()).hasSize(2);
  }

  @Test
  @DisplayName("what breaks after the beginning of an answer has been seen and is not tried again")
  void begun() {
    afterwards(
        request ->
            StubEngine.begin(request.response())
                .write(StubEngine.frames(StubEngine.text("Hel")))
                .onComplete(sent -> request.connection().close()));

    HttpResponse<String> answer = ask(HELLO);

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(engine.seen()).hasSize(2);
  }
}
