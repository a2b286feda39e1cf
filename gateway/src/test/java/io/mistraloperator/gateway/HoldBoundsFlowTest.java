package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.gateway.chat.RequestLimits;
import io.mistraloperator.gateway.testing.RawClient;
import io.mistraloperator.gateway.testing.Routes;
import io.vertx.core.Future;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("B7, T-Z2 bounds of the requests that wait while no instance is ready")
class HoldBoundsFlowTest extends HoldFixture {
  @Test
  @DisplayName("B7 without an instance, and without a wait for one to start, it is a 503")
  void noInstance() {
    gateway.serve(route);
    gateway.instances(route);

    assertRefusedForNow(ask(HELLO).join());
    assertNothingLeft();
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
  @DisplayName("T-Z2, B4.12 a client that leaves makes room for another")
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
    held =
        Routes.limited(held, new RequestLimits(Duration.ofMillis(100), LONG, LONG, LONG, 65_536));
    gateway.serve(held);

    assertRefused(ask(HELLO).join(), 408, "RequestTimeout");
    assertNothingLeft();
  }

  @Test
  @DisplayName("a gateway that drains asks those that wait to come again, elsewhere")
  void draining() {
    var answers = ask(4);
    awaitHeld(4);

    Future<Void> drained = gateway.server().drain(Duration.ZERO, LONG);

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
  @DisplayName("nothing that is refused wakes a model")
  void refusedRequestsAreNoLoad() {
    assertRefused(ask("{}").join(), 422, "Invalid input");
    assertThat(gateway.load(held).requests()).isZero();
  }
}
