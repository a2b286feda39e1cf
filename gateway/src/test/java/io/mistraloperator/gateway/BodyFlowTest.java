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
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("the bodies of all requests together are bounded")
class BodyFlowTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int TOTAL = 100_000;

  private final Vertx vertx = Vertx.vertx();
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

  @Test
  void beyondTheBudgetRequestsAreAskedToComeAgainAndSmallOnesGoOn() throws Exception {
    engine.plays((request, response) -> {});
    try (RawClient holding = new RawClient(gateway.port())) {
      holding.chat(route, chat(60_000));
      await().atMost(SOON).until(() -> engine.seen().size() == 1);
      engine.streams(StubEngine.answer());

      assertBusy(gateway.post(route, "/chat/completions", chat(60_000)));
      assertThat(gateway.post(route, "/chat/completions", chat(1_000)).statusCode()).isEqualTo(200);
      try (RawClient undeclared = new RawClient(gateway.port())) {
        undeclared.write(head("transfer-encoding: chunked"));
        undeclared.write("ea60\r\n" + "x".repeat(60_000) + "\r\n");
        assertThat(undeclared.readUntil("\r\n")).contains("503");
      }
    }
    await().atMost(SOON).until(() -> budget.used() == 0);

    assertThat(gateway.post(route, "/chat/completions", chat(60_000)).statusCode()).isEqualTo(200);
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
