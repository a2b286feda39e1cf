package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.api.Engine;
import io.mistraloperator.gateway.auth.Gate;
import io.mistraloperator.gateway.auth.TokenReviewer.Reviewed;
import io.mistraloperator.gateway.route.Access;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.testing.GatewayUnderTest;
import io.mistraloperator.gateway.testing.MovableClock;
import io.mistraloperator.gateway.testing.Routes;
import io.vertx.core.Vertx;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A7.3 endpoints that take tokens of the cluster")
class ClusterTokenFlowTest {
  private static final Map<String, Reviewed> KNOWN =
      Map.of(
          "own", serviceAccount("team-a"),
          "other", serviceAccount("team-b"),
          "listed", serviceAccount("team-c"),
          "tina", new Reviewed("tina", List.of("system:authenticated")),
          "tom", new Reviewed("tom", List.of("system:authenticated")));

  private final Vertx vertx = Vertx.vertx();
  private final MovableClock clock = new MovableClock();
  private final AtomicInteger reviews = new AtomicInteger();
  private final CountDownLatch open = new CountDownLatch(1);
  private final GatewayUnderTest gateway;
  private final Route route =
      Routes.accessible(
          Routes.route("Chat-One", Engine.LlamaCpp, Routes.CHAT),
          new Access.Kubernetes(
              List.of("chat"),
              Set.of("tina"),
              Set.of("system:serviceaccounts:team-a", "system:serviceaccounts:team-c")));
  private volatile boolean held;

  ClusterTokenFlowTest() throws Exception {
    gateway =
        new GatewayUnderTest(
            vertx,
            clock,
            new Gate.Settings(List.of(), Optional.empty(), Optional.empty()),
            this::review);
    gateway.serve(route);
  }

  private static Reviewed serviceAccount(String namespace) {
    return new Reviewed(
        "system:serviceaccount:" + namespace + ":app",
        List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace));
  }

  private Optional<Reviewed> review(String token, List<String> audiences) {
    assertThat(audiences).containsExactly("chat");
    reviews.incrementAndGet();
    if (held) {
      try {
        assertThat(open.await(10, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    if (token.equals("broken")) {
      throw new IllegalStateException("the API server is away");
    }
    return Optional.ofNullable(KNOWN.get(token));
  }

  @AfterEach
  void stopParts() {
    gateway.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private HttpRequest.Builder info(String token) {
    return HttpRequest.newBuilder(gateway.uri("/endpoints/Chat-One/info"))
        .header("authorization", "Bearer " + token);
  }

  private int status(String token) {
    return gateway.send(info(token)).statusCode();
  }

  @Test
  void whoMayCall() {
    assertThat(status("own")).isEqualTo(200);
    assertThat(status("listed")).isEqualTo(200);
    assertThat(status("tina")).isEqualTo(200);
    assertThat(status("other")).isEqualTo(403);
    assertThat(status("tom")).isEqualTo(403);
    assertThat(status("nobody")).isEqualTo(401);
    assertThat(status(Routes.PRIMARY)).isEqualTo(401);
  }

  @Test
  void verdictsAreBelievedForAWhile() {
    for (int i = 0; i < 5; i++) {
      assertThat(status("own")).isEqualTo(200);
      assertThat(status("nobody")).isEqualTo(401);
    }
    assertThat(reviews).hasValue(2);

    clock.move(Duration.ofSeconds(6));
    assertThat(status("own")).isEqualTo(200);
    assertThat(status("nobody")).isEqualTo(401);
    assertThat(reviews).hasValue(3);

    clock.move(Duration.ofSeconds(25));
    assertThat(status("own")).isEqualTo(200);
    assertThat(reviews).hasValue(4);
  }

  @Test
  void manyRequestsWithOneTokenShareOneReview() {
    held = true;
    List<CompletableFuture<HttpResponse<String>>> answers =
        IntStream.range(0, 20)
            .mapToObj(i -> gateway.client().sendAsync(info("own").build(), BodyHandlers.ofString()))
            .toList();
    await().atMost(Duration.ofSeconds(10)).until(() -> gateway.server().running() == 20);
    open.countDown();

    assertThat(answers).allMatch(answer -> answer.join().statusCode() == 200);
    assertThat(reviews).hasValue(1);
  }

  @Test
  void aClusterThatCannotBeAskedIsNoVerdict() {
    HttpResponse<String> answer = gateway.send(info("broken"));

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).contains("5");
    assertThat(answer.body()).doesNotContain("API server");
    assertThat(status("broken")).isEqualTo(503);
    assertThat(reviews).hasValue(2);
  }
}
