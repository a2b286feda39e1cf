package io.mistraloperator.gateway.engine;

import io.mistraloperator.gateway.chat.RequestLimits;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.SocketAddress;
import java.util.Map;

/** Connections to the instances of all models. */
public final class EngineClient {
  private static final int CONNECT_MILLIS = 2_000;

  /** Below the five seconds after which both servers close an idle connection. */
  private static final int IDLE_SECONDS = 3;

  /** No bound of its own: each request has its connection, and requests are bounded elsewhere. */
  private static final PoolOptions POOL = new PoolOptions().setHttp1MaxSize(100_000);

  private final HttpClient keeping;
  private final HttpClient closing;
  private final SilenceTimer.Ticker ticker;

  /** Makes the clients; no connection is opened. */
  public EngineClient(Vertx vertx) {
    keeping = vertx.createHttpClient(options(true), POOL);
    closing = vertx.createHttpClient(options(false), POOL);
    ticker = SilenceTimer.Ticker.of(vertx);
  }

  private static HttpClientOptions options(boolean keepAlive) {
    return new HttpClientOptions()
        .setKeepAlive(keepAlive)
        .setKeepAliveTimeout(IDLE_SECONDS)
        .setConnectTimeout(CONNECT_MILLIS)
        .setTcpNoDelay(true)
        .setDecompressionSupported(false);
  }

  /**
   * Sends a request; the current thread must be an event loop.
   *
   * @param headers that go along with it
   */
  public EngineCall open(
      Engine engine,
      SocketAddress instance,
      EngineRequest request,
      RequestLimits limits,
      Map<String, String> headers,
      EngineSink sink) {
    EngineCall call = new EngineCall(request, limits, headers, ticker, sink);
    call.start(engine.keepsConnections() ? keeping : closing, instance);
    return call;
  }
}
