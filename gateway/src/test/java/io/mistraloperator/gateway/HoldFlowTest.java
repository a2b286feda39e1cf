package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.gateway.route.Instance;
import io.mistraloperator.gateway.route.Queueing;
import io.mistraloperator.gateway.testing.RawClient;
import io.mistraloperator.gateway.testing.Routes;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("T-Z2 requests while no instance is ready")
class HoldFlowTest extends HoldFixture {
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
  @DisplayName("B6 an endpoint at zero is healthy: it answers, after a while")
  void health() {
    assertThat(gateway.send(gateway.request(held, "/").GET()).statusCode()).isEqualTo(200);
    assertThat(gateway.load(held).requests()).isZero();
  }
}
