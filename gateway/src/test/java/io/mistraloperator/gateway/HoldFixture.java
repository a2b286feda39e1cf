package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.gateway.route.Queueing;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;

/** An endpoint without instances whose requests wait for one, and callers of it. */
abstract class HoldFixture extends FlowFixture {
  static final Duration SOON = Duration.ofSeconds(20);
  static final Duration LONG = Duration.ofMinutes(10);
  static final long MEGABYTES = 64 * 1024 * 1024;
  Route held;

  @BeforeEach
  void atZero() {
    engine.streams(StubEngine.answer());
    serve(200, MEGABYTES, LONG);
    gateway.instances(held);
  }

  void serve(int requests, long bytes, Duration timeout) {
    held =
        Routes.queueing(
            route,
            new Queueing(
                OptionalInt.empty(),
                Duration.ofSeconds(60),
                Optional.of(new Queueing.Hold(requests, bytes, timeout))));
    gateway.serve(held);
  }

  CompletableFuture<HttpResponse<String>> ask(String body) {
    return gateway
        .client()
        .sendAsync(
            gateway.request(held, "/chat/completions").POST(BodyPublishers.ofString(body)).build(),
            BodyHandlers.ofString());
  }

  List<CompletableFuture<HttpResponse<String>>> ask(int requests) {
    return IntStream.range(0, requests)
        .mapToObj(i -> ask(i % 2 == 0 ? HELLO : HELLO_STREAM))
        .toList();
  }

  void awaitHeld(long requests) {
    await().atMost(SOON).until(() -> gateway.load(held).held() == requests);
  }

  static void assertRefused(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("x-ms-error-code")).contains(code);
  }

  void assertRefusedForNow(HttpResponse<String> answer) {
    assertRefused(answer, 503, "ServiceUnavailable");
    assertThat(answer.headers().firstValueAsLong("retry-after").orElseThrow()).isPositive();
  }

  void assertNothingLeft() {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(gateway.load(held).held()).isZero();
              assertThat(gateway.load(held).inFlight()).isZero();
              assertThat(gateway.load(held).tokensInFlight()).isZero();
              assertThat(gateway.picker().outstanding(engine.instance())).isZero();
              assertThat(gateway.server().running()).isZero();
            });
  }
}
