package io.mistraloperator.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.gateway.chat.EngineEvent;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EngineCallTest {
  private final Vertx vertx = Vertx.vertx();

  /** Never rings: alarms are set and taken back. */
  private static final class Alarms implements SilenceTimer.Ticker {
    private final Set<Object> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger set = new AtomicInteger();

    @Override
    public long nanos() {
      return 0;
    }

    @Override
    public Runnable after(Duration delay, Runnable action) {
      Object alarm = new Object();
      set.incrementAndGet();
      open.add(alarm);
      return () -> open.remove(alarm);
    }
  }

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void noAlarmOutlivesACallOnAUsedConnection() throws Exception {
    Alarms alarms = new Alarms();
    HttpClient client = vertx.createHttpClient();
    Context loop = vertx.getOrCreateContext();
    try (StubEngine engine = new StubEngine(vertx)) {
      engine.streams(StubEngine.answer());
      call(client, loop, engine, alarms).get(10, TimeUnit.SECONDS);
      int fresh = alarms.set.get();
      int used = fresh;
      // The connection is free again at the end of the answer, a moment after its last event.
      for (int i = 0; i < 20 && used == fresh; i++) {
        int before = alarms.set.get();
        call(client, loop, engine, alarms).get(10, TimeUnit.SECONDS);
        used = alarms.set.get() - before;
      }

      assertThat(used).as("a used connection has an alarm more").isGreaterThan(fresh);
      assertThat(alarms.open).isEmpty();
    }
  }

  private static CompletableFuture<Void> call(
      HttpClient client, Context loop, StubEngine engine, Alarms alarms) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    SocketAddress address =
        SocketAddress.inetSocketAddress(engine.instance().port(), engine.instance().address());
    EngineRequest request =
        new EngineRequest(Api.CHAT, new Payload(Buffer.buffer("{}")), Map.of(), "", 5, 0, true);
    EngineSink sink =
        new EngineSink() {
          @Override
          public void unreachable() {
            over.completeExceptionally(new AssertionError("no connection"));
          }

          @Override
          public void sent() {}

          @Override
          public void event(EngineEvent event) {
            if (event instanceof EngineEvent.Finish) {
              over.complete(null);
            }
          }
        };
    loop.runOnContext(
        turn ->
            new EngineCall(client, address, request, Routes.LIMITS, Map.of(), alarms, sink)
                .start(client));
    return over;
  }
}
