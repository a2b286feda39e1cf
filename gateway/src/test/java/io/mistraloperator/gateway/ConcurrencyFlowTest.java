package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.gateway.route.Queueing;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.RawClient;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import io.vertx.core.http.HttpServerResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("D2.12, B7 requests that one instance answers at a time")
class ConcurrencyFlowTest extends FlowFixture {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration LONG = Duration.ofMinutes(10);

  private final Queue<HttpServerResponse> working = new ConcurrentLinkedQueue<>();
  private Route bounded;

  @BeforeEach
  void anEngineThatWorks() {
    engine.plays(
        (request, response) -> {
          StubEngine.begin(response).write(StubEngine.frames(StubEngine.text("Hel")));
          working.add(response);
        });
    serve(1, LONG);
  }

  private void serve(int perInstance, Duration patience) {
    bounded =
        Routes.queueing(
            route, new Queueing(OptionalInt.of(perInstance), patience, Optional.empty()));
    gateway.serve(bounded);
  }

  private CompletableFuture<HttpResponse<String>> ask(String body) {
    return gateway
        .client()
        .sendAsync(
            gateway
                .request(bounded, "/chat/completions")
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
  }

  private void awaitLoad(long inFlight, long held) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(gateway.load(bounded).inFlight()).isEqualTo(inFlight);
              assertThat(gateway.load(bounded).held()).isEqualTo(held);
            });
  }

  private void awaitWorking(int requests) {
    await().atMost(SOON).until(() -> working.size() == requests);
  }

  private void finishOne() {
    working.remove().end(StubEngine.frames(StubEngine.chunk("{}", "stop"), "[DONE]"));
  }

  private static void assertBusy(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("x-ms-error-code")).contains("TooManyRequests");
    assertThat(answer.headers().firstValueAsLong("retry-after").orElseThrow()).isPositive();
    assertThat(answer.body()).contains("\"type\":\"rate_limit_error\"");
  }

  @Test
  @DisplayName("B7 a second one waits for the first, a third is more than 2 x 1 x 1: a 429")
  void oneAtATime() {
    var first = ask(HELLO);
    awaitWorking(1);
    var second = ask(HELLO_STREAM);
    awaitLoad(1, 1);

    assertBusy(ask(HELLO).join());

    assertThat(engine.seen()).hasSize(1);
    finishOne();
    assertThat(first.join().statusCode()).isEqualTo(200);
    awaitWorking(1);
    assertThat(engine.seen()).hasSize(2);
    finishOne();
    assertThat(second.join().statusCode()).isEqualTo(200);
    awaitLoad(0, 0);
  }

  @Test
  void twoInstancesAnswerTwice() throws Exception {
    try (StubEngine other = new StubEngine(vertx)) {
      other.plays(
          (request, response) -> {
            StubEngine.begin(response).write(StubEngine.frames(StubEngine.text("Hel")));
            working.add(response);
          });
      gateway.instances(bounded, engine.instance());
      var first = ask(HELLO);
      awaitWorking(1);
      var second = ask(HELLO);
      awaitLoad(1, 1);

      gateway.instances(bounded, engine.instance(), other.instance());

      awaitWorking(2);
      finishOne();
      finishOne();
      assertThat(first.join().statusCode()).isEqualTo(200);
      assertThat(second.join().statusCode()).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("a larger number takes effect on requests that wait")
  void theNumberIsRaised() {
    ask(HELLO);
    awaitWorking(1);
    ask(HELLO);
    awaitLoad(1, 1);

    serve(2, LONG);

    awaitWorking(2);
    awaitLoad(2, 0);
  }

  @Test
  void theWaitIsOver() {
    serve(1, Duration.ofMillis(100));
    ask(HELLO);
    awaitWorking(1);

    assertBusy(ask(HELLO_STREAM).join());
    awaitLoad(1, 0);
  }

  @Test
  void noWaitAtAll() {
    serve(1, Duration.ZERO);
    ask(HELLO);
    awaitWorking(1);

    assertBusy(ask(HELLO).join());
  }

  @Test
  @DisplayName("B4.12 a client that leaves in mid-answer frees its place")
  void aClientThatLeaves() throws Exception {
    try (RawClient client = new RawClient(gateway.port())) {
      client.chat(bounded, HELLO_STREAM);
      client.readUntil("Hel");
      ask(HELLO);
      awaitLoad(1, 1);
    }
    await().atMost(SOON).until(() -> engine.seen().size() == 2);
    awaitLoad(1, 0);
  }

  @Test
  @DisplayName("C1 the choices of one request have one place together")
  void severalChoices() {
    var answer =
        gateway
            .client()
            .sendAsync(
                gateway
                    .request(bounded, "/v1/chat/completions")
                    .POST(BodyPublishers.ofString(HELLO.replace("{\"mess", "{\"n\":3,\"mess")))
                    .build(),
                BodyHandlers.ofString());
    awaitWorking(3);
    awaitLoad(1, 0);
    finishOne();
    finishOne();
    finishOne();

    assertThat(answer.join().statusCode()).isEqualTo(200);
    awaitLoad(0, 0);
  }

  @Test
  @DisplayName("an engine that fails frees the place")
  void anEngineThatFails() {
    engine.plays((request, response) -> response.setStatusCode(500).end());

    assertThat(ask(HELLO).join().statusCode()).isEqualTo(502);
    assertThat(ask(HELLO).join().statusCode()).isEqualTo(502);
    awaitLoad(0, 0);
  }
}
