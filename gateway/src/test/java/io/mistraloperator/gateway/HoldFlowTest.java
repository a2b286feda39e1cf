package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.gateway.chat.RequestLimits;
import io.mistraloperator.gateway.route.Instance;
import io.mistraloperator.gateway.route.Queueing;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.RawClient;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import io.vertx.core.Future;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("T-Z2 requests while no instance is ready")
class HoldFlowTest extends FlowFixture {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final long MEGABYTES = 64 * 1024 * 1024;

  private Route held;

  @BeforeEach
  void atZero() {
    engine.streams(StubEngine.answer());
    serve(200, MEGABYTES, LONG);
    gateway.instances(held);
  }

  private void serve(int requests, long bytes, Duration timeout) {
    held =
        Routes.queueing(
            route,
            new Queueing(
                OptionalInt.empty(),
                Duration.ofSeconds(60),
                Optional.of(new Queueing.Hold(requests, bytes, timeout))));
    gateway.serve(held);
  }

  private CompletableFuture<HttpResponse<String>> ask(String body) {
    return gateway
        .client()
        .sendAsync(
            gateway.request(held, "/chat/completions").POST(BodyPublishers.ofString(body)).build(),
            BodyHandlers.ofString());
  }

  private List<CompletableFuture<HttpResponse<String>>> ask(int requests) {
    return IntStream.range(0, requests)
        .mapToObj(i -> ask(i % 2 == 0 ? HELLO : HELLO_STREAM))
        .toList();
  }

  private void awaitHeld(long requests) {
    await().atMost(SOON).until(() -> gateway.load(held).held() == requests);
  }

  private static void assertRefused(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("x-ms-error-code")).contains(code);
  }

  private void assertRefusedForNow(HttpResponse<String> answer) {
    assertRefused(answer, 503, "ServiceUnavailable");
    assertThat(answer.headers().firstValueAsLong("retry-after").orElseThrow()).isPositive();
  }

  private void assertNothingLeft() {
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

  @Test
  @DisplayName("T-Z2 50 requests at zero are all answered once an instance is ready")
  void allAreAnswered() {
    var answers = ask(50);
    awaitHeld(50);
    assertThat(engine.seen()).isEmpty();

    gateway.instances(held, engine.instance());

    for (var answer : answers) {
      assertThat(answer.join().statusCode()).isEqualTo(200);
      assertThat(answer.join().body()).contains("Hello");
    }
    assertThat(engine.seen()).hasSize(50);
    assertThat(gateway.registry().get("mistral.gateway.hold.wait").timer().count()).isEqualTo(50);
    assertNothingLeft();
    assertThat(gateway.load(held).requests()).isEqualTo(50);
    assertThat(gateway.load(held).promptTokens()).isEqualTo(50 * 5);
    assertThat(gateway.load(held).completionTokens()).isEqualTo(50 * 2);
  }

  @Test
  @DisplayName("500 requests over a cold start are all answered")
  void fiveHundred() {
    serve(500, MEGABYTES, LONG);
    var answers = ask(500);
    awaitHeld(500);

    gateway.instances(held, engine.instance());

    assertThat(answers).allSatisfy(one -> assertThat(one.join().statusCode()).isEqualTo(200));
    assertNothingLeft();
  }

  @Test
  void theyGoInTheOrderOfTheirComing() throws Exception {
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      RawClient client = new RawClient(gateway.port());
      clients.add(client);
      client.chat(held, HELLO.replace("Hello", "number " + i));
      awaitHeld(i + 1);
    }
    serveOneAtATime();
    gateway.instances(held, engine.instance());

    for (RawClient client : clients) {
      client.readUntil("Hello there");
      client.close();
    }
    assertThat(engine.seen())
        .extracting(seen -> seen.body().path("messages").path(0).path("content").asText())
        .containsExactlyElementsOf(IntStream.range(0, 10).mapToObj(i -> "number " + i).toList());
  }

  private void serveOneAtATime() {
    held =
        Routes.queueing(
            held, new Queueing(OptionalInt.of(1), LONG, Routes.only(held).queueing().hold()));
    gateway.serve(held);
  }

  @Test
  @DisplayName("T-Z2 one more than may wait is refused at once, with Retry-After")
  void tooManyRequests() {
    serve(2, MEGABYTES, LONG);
    var answers = ask(2);
    awaitHeld(2);

    assertRefusedForNow(ask(HELLO).join());

    gateway.instances(held, engine.instance());
    assertThat(answers).allSatisfy(one -> assertThat(one.join().statusCode()).isEqualTo(200));
  }

  @Test
  @DisplayName("T-Z2 more bytes than may wait are refused at once")
  void tooManyBytes() {
    serve(200, 4_000, LONG);
    var small = ask(HELLO);
    awaitHeld(1);

    assertRefusedForNow(ask(HELLO.replace("Hello", "x".repeat(4_000))).join());

    gateway.instances(held, engine.instance());
    assertThat(small.join().statusCode()).isEqualTo(200);
  }

  @Test
  @DisplayName("T-Z2 a client that leaves makes room for another")
  void aClientThatLeaves() throws Exception {
    serve(1, MEGABYTES, LONG);
    try (RawClient client = new RawClient(gateway.port())) {
      client.chat(held, HELLO_STREAM);
      awaitHeld(1);
    }
    awaitHeld(0);

    var next = ask(HELLO);
    awaitHeld(1);
    gateway.instances(held, engine.instance());

    assertThat(next.join().statusCode()).isEqualTo(200);
    assertThat(engine.seen()).hasSize(1);
    assertNothingLeft();
  }

  @Test
  @DisplayName("B7 a model that is not ready in time is a 503")
  void notReadyInTime() {
    serve(200, MEGABYTES, Duration.ofMillis(100));

    for (var answer : ask(2)) {
      assertRefusedForNow(answer.join());
      assertThat(answer.join().headers().firstValue("content-type")).contains("application/json");
    }
    assertNothingLeft();
  }

  @Test
  @DisplayName("D2.3, B7 waiting counts in the time of the whole request: a 408")
  void theLimitOfTheWholeRequest() {
    held = Routes.limited(held, new RequestLimits(Duration.ofMillis(100), LONG, LONG, 65_536));
    gateway.serve(held);

    assertRefused(ask(HELLO).join(), 408, "RequestTimeout");
    assertNothingLeft();
  }

  @Test
  @DisplayName("the last instance goes while it is connected to: the request waits for the next")
  void theLastInstanceGoes() throws Exception {
    gateway.instances(held, unreachable());
    var answer = ask(HELLO);
    awaitHeld(1);

    gateway.instances(held);
    assertThat(gateway.load(held).held()).isEqualTo(1);
    gateway.instances(held, engine.instance());

    assertThat(answer.join().statusCode()).isEqualTo(200);
    assertNothingLeft();
  }

  @Test
  @DisplayName("an instance that comes back at the same address is tried again")
  void theSameAddressComesBack() throws Exception {
    engine.close();
    gateway.instances(held, engine.instance());
    var answer = ask(HELLO_STREAM);
    awaitHeld(1);
    gateway.instances(held);

    engine.reopen();
    gateway.instances(held, engine.instance());

    assertThat(answer.join().body()).contains("Hello").endsWith("[DONE]\n\n");
    assertNothingLeft();
  }

  @Test
  @DisplayName("where another instance is ready already, a request does not wait for it")
  void anotherInstanceIsReady() throws Exception {
    gateway.instances(
        held, unreachable(), unreachable(), unreachable(), unreachable(), engine.instance());

    assertThat(ask(5)).allSatisfy(one -> assertThat(one.join().statusCode()).isEqualTo(200));
  }

  private static Instance unreachable() throws Exception {
    try (ServerSocket closed = new ServerSocket(0)) {
      return new Instance("127.0.0.1", closed.getLocalPort());
    }
  }

  @Test
  @DisplayName("a gateway that drains asks those that wait to come again, elsewhere")
  void draining() {
    var answers = ask(4);
    awaitHeld(4);

    Future<Void> drained = gateway.server().drain(LONG);

    assertThat(answers).allSatisfy(one -> assertRefusedForNow(one.join()));
    await().atMost(SOON).until(drained::succeeded);
  }

  @Test
  @DisplayName("an endpoint that is removed tells those that wait")
  void removed() {
    var answer = ask(HELLO);
    awaitHeld(1);

    gateway.serve();

    assertRefused(answer.join(), 404, "EndpointNotFound");
  }

  @Test
  @DisplayName("B6 an endpoint at zero is healthy: it answers, after a while")
  void health() {
    assertThat(gateway.send(gateway.request(held, "/").GET()).statusCode()).isEqualTo(200);
    assertThat(gateway.load(held).requests()).isZero();
  }

  @Test
  @DisplayName("nothing that is refused wakes a model")
  void refusedRequestsAreNoLoad() {
    assertRefused(ask("{}").join(), 422, "Invalid input");
    assertThat(gateway.load(held).requests()).isZero();
  }
}
