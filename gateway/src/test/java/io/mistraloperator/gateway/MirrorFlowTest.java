package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.gateway.chat.RequestLimits;
import io.mistraloperator.gateway.route.Deployment;
import io.mistraloperator.gateway.route.Queueing;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.GatewayUnderTest;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("D2.6 copies of requests to a mirrored deployment")
class MirrorFlowTest extends FlowFixture {
  private static final int HALF = 50;

  private final Deployment blue = Routes.beside(route, "blue", 100, 0);
  private Deployment green = Routes.beside(route, "green", 0, HALF);
  private StubEngine mirrored;

  @BeforeEach
  void startMirror() throws Exception {
    engine.streams(StubEngine.answer());
    mirrored = new StubEngine(vertx);
    mirrored.streams(StubEngine.answer());
    serve();
  }

  @AfterEach
  void stopMirror() {
    mirrored.close();
  }

  private void serve() {
    gateway.serve(Routes.deployed(route, blue, green));
    gateway.instances(blue, engine.instance());
    gateway.instances(green, mirrored.instance());
  }

  /** Every answer is blue's, whatever becomes of copies. */
  private void ask(int requests) {
    for (int i = 0; i < requests; i++) {
      HttpResponse<String> answer =
          gateway.post(route, "/chat/completions", i % 2 == 0 ? HELLO : HELLO_STREAM);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("azureml-model-deployment")).contains("blue");
      assertThat(answer.body()).contains("Hello");
    }
  }

  private long copies(String outcome) {
    return gateway
        .registry()
        .find("mistral.gateway.mirrored")
        .tags("deployment", "green", "outcome", outcome)
        .counters()
        .stream()
        .mapToLong(counter -> Math.round(counter.count()))
        .sum();
  }

  private void awaitNothingUnderWay() {
    await()
        .untilAsserted(
            () -> {
              assertThat(gateway.load(route, green).inFlight()).isZero();
              assertThat(gateway.load(route, green).held()).isZero();
              assertThat(gateway.picker().outstanding(mirrored.instance())).isZero();
            });
  }

  @Test
  @DisplayName("about half of the requests are copied; answers are dropped and load is the copy's")
  void aShareIsCopied() {
    ask(200);

    await().until(() -> copies("ok") == mirrored.seen().size());
    // Six standard deviations around one hundred.
    assertThat(copies("ok")).isBetween(100L - 43, 100L + 43);
    assertThat(mirrored.seen())
        .allSatisfy(
            seen ->
                assertThat(seen.body().path("messages").path(0).path("content").asText())
                    .isEqualTo("Hello"));
    assertThat(gateway.load(route, blue).requests()).isEqualTo(200);
    assertThat(gateway.load(route, green).requests()).isEqualTo(copies("ok"));
    awaitNothingUnderWay();
  }

  @Test
  @DisplayName("a request that the header sends somewhere is not copied")
  void namedIsNotCopied() {
    for (int i = 0; i < 30; i++) {
      gateway.send(
          gateway
              .request(route, "/chat/completions")
              .header("azureml-model-deployment", "blue")
              .POST(BodyPublishers.ofString(HELLO)));
    }

    assertThat(mirrored.seen()).isEmpty();
    assertThat(gateway.load(route, green).requests()).isZero();
  }

  @Test
  @DisplayName("a mirror that hangs takes its own few places and nothing of the live requests")
  void aMirrorThatHangs() {
    mirrored.plays((request, response) -> StubEngine.begin(response));

    ask(60);

    assertThat(gateway.load(route, green).inFlight()).isEqualTo(GatewayUnderTest.COPIES);
    assertThat(copies("no_room")).isPositive();
    assertThat(gateway.load(route, blue).inFlight()).isZero();
  }

  @Test
  @DisplayName("a copy ends at the limit of its deployment, and its place is free again")
  void ownLimit() {
    green =
        Routes.with(
            green,
            new RequestLimits(
                Duration.ofMillis(100),
                Duration.ofSeconds(2),
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                1 << 20),
            green.queueing());
    serve();
    mirrored.plays((request, response) -> StubEngine.begin(response));

    ask(40);

    await().until(() -> copies("timeout") >= 1);
    awaitNothingUnderWay();
    mirrored.streams(StubEngine.answer());
    await()
        .untilAsserted(
            () -> {
              ask(2);
              assertThat(copies("ok")).isPositive();
            });
  }

  @Test
  @DisplayName("a mirror that fails, or has no instance, is noticed in the metrics only")
  void aMirrorThatFails() {
    mirrored.plays((request, response) -> response.setStatusCode(500).end());
    ask(40);
    await().until(() -> copies("failed") > 0);

    gateway.instances(green);
    ask(40);

    assertThat(copies("dropped")).isPositive();
    awaitNothingUnderWay();
  }

  @Test
  @DisplayName("a copy is no load of a deployment that has scaled to zero, and so does not wake it")
  void doesNotWake() {
    green =
        Routes.with(
            green,
            green.limits(),
            new Queueing(
                OptionalInt.empty(),
                Duration.ofSeconds(30),
                Optional.of(new Queueing.Hold(200, 1 << 20, Duration.ofMinutes(10)))));
    serve();
    gateway.instances(green);

    ask(40);

    assertThat(copies("dropped")).isPositive();
    assertThat(gateway.load(route, green).requests()).isZero();
    assertThat(gateway.load(route, green).last()).isEmpty();
  }
}
