package io.mistraloperator.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.gateway.chat.EngineEvent;
import io.mistraloperator.gateway.chat.RequestLimits;
import io.mistraloperator.gateway.testing.Routes;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConnectTimeoutTest {
  private final Vertx vertx = Vertx.vertx();
  private final List<SocketChannel> waiting = new ArrayList<>();
  private ServerSocket deaf;

  /** A server whose queue of connections is full answers no further one. */
  @BeforeEach
  void fill() throws Exception {
    deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    for (int i = 0; i < 4; i++) {
      SocketChannel channel = SocketChannel.open();
      channel.configureBlocking(false);
      channel.connect(new InetSocketAddress(deaf.getInetAddress(), deaf.getLocalPort()));
      waiting.add(channel);
    }
  }

  @AfterEach
  void close() throws Exception {
    for (SocketChannel channel : waiting) {
      channel.close();
    }
    deaf.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /** Nanoseconds until the call is told that nobody is there. */
  private CompletableFuture<Long> call(
      EngineClient client, Context loop, Engine engine, Duration connect) {
    CompletableFuture<Long> told = new CompletableFuture<>();
    RequestLimits like = Routes.LIMITS;
    RequestLimits limits =
        new RequestLimits(
            like.total(), connect, like.firstToken(), like.betweenTokens(), like.bodyBytes());
    EngineRequest request =
        new EngineRequest(Api.CHAT, new Payload(Buffer.buffer("{}")), Map.of(), "", 5, 0, true);
    long start = System.nanoTime();
    EngineSink sink =
        new EngineSink() {
          @Override
          public void unreachable() {
            told.complete(System.nanoTime() - start);
          }

          @Override
          public void sent() {
            told.completeExceptionally(new AssertionError("there was a connection"));
          }

          @Override
          public void event(EngineEvent event) {
            told.completeExceptionally(new AssertionError("there was an event"));
          }
        };
    SocketAddress address =
        SocketAddress.inetSocketAddress(
            deaf.getLocalPort(), deaf.getInetAddress().getHostAddress());
    loop.runOnContext(turn -> client.open(engine, address, request, limits, Map.of(), sink));
    return told;
  }

  @ParameterizedTest
  @EnumSource(io.mistraloperator.api.Engine.class)
  @DisplayName("D2.3 connecting to an instance takes as long as the endpoint allows, no longer")
  void connecting(io.mistraloperator.api.Engine kind) throws Exception {
    EngineClient client = new EngineClient(vertx);
    Context loop = vertx.getOrCreateContext();
    Engine engine = Engine.of(kind);

    CompletableFuture<Long> patient = call(client, loop, engine, Duration.ofSeconds(4));
    CompletableFuture<Long> hasty = call(client, loop, engine, Duration.ofMillis(100));

    hasty.get(20, TimeUnit.SECONDS);
    assertThat(patient).as("it waits on").isNotDone();
    assertThat(Duration.ofNanos(patient.get(20, TimeUnit.SECONDS)))
        .isGreaterThan(Duration.ofMillis(3_900));
  }
}
