package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.api.Engine;
import io.mistraloperator.gateway.http.BodyBudget;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.testing.GatewayUnderTest;
import io.mistraloperator.gateway.testing.RawClient;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisplayName("the bodies of all requests together are bounded")
class BodyFlowTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int TOTAL = 100_000;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
  private final Route route = Routes.route("Chat-One", Engine.LlamaCpp, Routes.CHAT);
  private final BodyBudget budget = new BodyBudget(TOTAL);
  private final StubEngine engine;
  private GatewayUnderTest gateway;

  BodyFlowTest() throws Exception {
    engine = new StubEngine(vertx);
    serve(Duration.ofMinutes(1));
  }

  private void serve(Duration bodyTimeout) throws Exception {
    gateway = new GatewayUnderTest(vertx, budget, bodyTimeout);
    gateway.serve(route);
    gateway.instances(route, engine.instance());
  }

  @AfterEach
  void stopParts() {
    gateway.close();
    engine.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static String chat(int letters) {
    return "{\"messages\":[{\"role\":\"user\",\"content\":\"" + "x".repeat(letters) + "\"}]}";
  }

  private static String head(String more) {
    return "POST /endpoints/Chat-One/chat/completions HTTP/1.1\r\nhost: x\r\napi-key: "
        + Routes.PRIMARY
        + "\r\ncontent-type: application/json\r\n"
        + more
        + "\r\n\r\n";
  }

  private static void assertBusy(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).contains("1");
    assertThat(answer.body()).contains("request bodies");
  }

  /**
   * A request whose body takes most of the budget, until its client leaves: with tools, it may have
   * to be sent again.
   */
  private RawClient holding() throws Exception {
    engine.plays((request, response) -> {});
    RawClient client = new RawClient(gateway.port());
    client.chat(
        route,
        chat(60_000)
            .replaceFirst(
                "^\\{",
                "{\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{}}}],"));
    await().atMost(SOON).until(() -> engine.seen().size() == 1);
    engine.streams(StubEngine.answer());
    return client;
  }

  @Test
  void beyondTheBudgetBodiesWaitForOthersToEndAndSmallOnesGoOn() throws Exception {
    RawClient holding = holding();
    try (RawClient late = new RawClient(gateway.port())) {
      late.chat(route, chat(60_000));
      await().atMost(SOON).until(() -> budget.waiting() == 1);

      assertThat(gateway.post(route, "/chat/completions", chat(1_000)).statusCode()).isEqualTo(200);
      holding.close();
      assertThat(late.readUntil("\r\n")).contains("200");
    }
    await().atMost(SOON).until(() -> budget.used() == 0 && budget.waiting() == 0);
  }

  @Test
  @DisplayName("a body that an instance has is not held while its answer is awaited")
  void bodiesThatWereSentAreNotHeld() throws Exception {
    engine.plays((request, response) -> {});
    try (RawClient client = new RawClient(gateway.port())) {
      client.chat(route, chat(60_000));
      await().atMost(SOON).until(() -> engine.seen().size() == 1 && budget.used() == 0);
      assertThat(gateway.server().running()).isEqualTo(1);
    }
    await().atMost(SOON).until(() -> gateway.server().running() == 0);
  }

  @Test
  void manyLargeBodiesAtOnceAreAllAnswered() throws Exception {
    engine.streams(StubEngine.answer());
    List<RawClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 50; i++) {
        RawClient client = new RawClient(gateway.port());
        clients.add(client);
        client.chat(route, chat(40_000));
      }
      for (RawClient client : clients) {
        assertThat(client.readUntil("\r\n")).contains("200");
      }
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
    await().atMost(SOON).until(() -> budget.used() == 0 && budget.waiting() == 0);
  }

  @Test
  void aBodyThatWaitsTooLongIsAskedToComeAgain() throws Exception {
    gateway.close();
    serve(Duration.ofMillis(300));
    try (RawClient _ = holding()) {
      assertBusy(gateway.post(route, "/chat/completions", chat(60_000)));
    }
    await().atMost(SOON).until(() -> budget.used() == 0 && budget.waiting() == 0);
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "only epoll tells of those who are not read")
  void aClientThatLeavesWhileItsBodyWaits() throws Exception {
    assertThat(vertx.isNativeTransportEnabled()).isTrue();
    try (RawClient _ = holding()) {
      try (RawClient late = new RawClient(gateway.port())) {
        late.chat(route, chat(60_000));
        await().atMost(SOON).until(() -> budget.waiting() == 1);
      }
      await().atMost(SOON).until(() -> budget.waiting() == 0 && gateway.server().running() == 1);
    }
    await().atMost(SOON).until(() -> budget.used() == 0 && gateway.server().running() == 0);
  }

  @Test
  @DisplayName("a body of undeclared length holds already what it would wait with, and is refused")
  void undeclaredBodiesDoNotWait() throws Exception {
    try (RawClient _ = holding();
        RawClient undeclared = new RawClient(gateway.port())) {
      undeclared.write(head("transfer-encoding: chunked"));
      undeclared.write("ea60\r\n" + "x".repeat(60_000) + "\r\n");
      assertThat(undeclared.readUntil("\r\n")).contains("503");
    }
    await().atMost(SOON).until(() -> budget.used() == 0);
  }

  @Test
  @DisplayName("what no budget can ever hold is too large, not a matter of waiting")
  void aboveTheWholeBudget() {
    HttpResponse<String> answer = gateway.post(route, "/chat/completions", chat(TOTAL));

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains(Integer.toString(TOTAL));
    assertThat(engine.seen()).isEmpty();
  }

  @Test
  void aClientThatLeavesInMidBodyHoldsNothing() throws Exception {
    try (RawClient client = new RawClient(gateway.port())) {
      client.write(head("content-length: 50000") + "{");
      await().atMost(SOON).until(() -> budget.used() == 50_000);
    }
    await().atMost(SOON).until(() -> budget.used() == 0 && gateway.server().running() == 0);
  }

  @Test
  void aClientThatSendsTooSlowlyIsCutOff() throws Exception {
    gateway.close();
    serve(Duration.ofMillis(100));
    try (RawClient client = new RawClient(gateway.port())) {
      client.write(head("content-length: 50000") + "{");

      assertThat(client.readAll())
          .startsWith("HTTP/1.1 408")
          .containsIgnoringCase("connection: close")
          .contains("RequestTimeout");
    }
    await().atMost(SOON).until(() -> budget.used() == 0 && gateway.server().running() == 0);
    assertThat(engine.seen()).isEmpty();
  }
}
