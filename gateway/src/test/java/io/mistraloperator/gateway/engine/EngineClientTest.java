package io.mistraloperator.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.gateway.chat.EngineEvent;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EngineClientTest {
  private static final int LOOPS = 2;
  private static final int CALLS = 20;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(LOOPS));

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static CompletableFuture<Thread> call(
      EngineClient client, Context loop, StubEngine engine) {
    CompletableFuture<Thread> answered = new CompletableFuture<>();
    SocketAddress address =
        SocketAddress.inetSocketAddress(engine.instance().port(), engine.instance().address());
    Payload payload = new Payload(Buffer.buffer("{\"loop\":" + loop.hashCode() + "}"));
    EngineRequest request = new EngineRequest(Api.CHAT, payload, Map.of(), "", 5, 0, true);
    EngineSink sink =
        new EngineSink() {
          @Override
          public void unreachable() {
            answered.completeExceptionally(new AssertionError("no connection"));
          }

          @Override
          public void sent() {}

          @Override
          public void event(EngineEvent event) {
            if (event instanceof EngineEvent.Finish) {
              answered.complete(Thread.currentThread());
            }
          }
        };
    loop.runOnContext(
        turn -> client.open(new Engine.Vllm(), address, request, Routes.LIMITS, Map.of(), sink));
    return answered;
  }

  @Test
  void eventLoopsShareNoConnectionAndKeepTheirOwn() throws Exception {
    Map<Integer, Set<Integer>> connections = new ConcurrentHashMap<>();
    try (StubEngine engine = new StubEngine(vertx)) {
      engine.plays(
          (request, response) -> {
            int loop = engine.seen().getLast().body().path("loop").asInt();
            connections
                .computeIfAbsent(loop, key -> ConcurrentHashMap.newKeySet())
                .add(request.remoteAddress().port());
            StubEngine.begin(response).end(StubEngine.frames(StubEngine.answer()));
          });
      EngineClient client = new EngineClient(vertx);
      Map<Context, Set<Thread>> threads = new HashMap<>();
      List<Context> loops = loops();
      for (int i = 0; i < CALLS; i++) {
        for (Context loop : loops) {
          Thread thread = call(client, loop, engine).get(10, TimeUnit.SECONDS);
          threads.computeIfAbsent(loop, key -> new HashSet<>()).add(thread);
        }
      }
      assertThat(threads.values())
          .as("each loop is told on its own thread")
          .allMatch(of -> of.size() == 1)
          .doesNotHaveDuplicates();
      assertThat(connections.values())
          .as("each loop has one connection, its own")
          .hasSize(LOOPS)
          .allMatch(of -> of.size() == 1)
          .doesNotHaveDuplicates();
    }
  }

  /** A context on each event loop. */
  private List<Context> loops() throws Exception {
    List<Context> loops = new CopyOnWriteArrayList<>();
    vertx
        .deployVerticle(
            () ->
                new AbstractVerticle() {
                  @Override
                  public void start() {
                    loops.add(context);
                  }
                },
            new DeploymentOptions().setInstances(LOOPS))
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
    return loops;
  }
}
