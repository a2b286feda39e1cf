package io.mistraloperator.gateway.engine;

import io.mistraloperator.gateway.chat.RequestLimits;
import io.mistraloperator.gateway.json.Json;
import io.netty.util.concurrent.FastThreadLocal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.util.Map;
import java.util.OptionalLong;

/** Connections to the instances of all models. */
public final class EngineClient {
  /** The most that an endpoint may ask for; requests have a bound of their own below it. */
  private static final int CONNECT_MILLIS = 60_000;

  /** Counting reads the prompt and generates nothing; an answer without it is better than none. */
  private static final int COUNT_MILLIS = 5_000;

  /** Below the five seconds after which both servers close an idle connection. */
  private static final int IDLE_SECONDS = 3;

  /** No bound of its own: each request has its connection, and requests are bounded elsewhere. */
  private static final PoolOptions POOL = new PoolOptions().setHttp1MaxSize(100_000);

  private final LoopLocal keeping;
  private final LoopLocal closing;
  private final SilenceTimer.Ticker ticker;

  /** Makes a client; no connection is opened. */
  public EngineClient(Vertx vertx) {
    keeping = new LoopLocal(vertx, options(true));
    closing = new LoopLocal(vertx, options(false));
    ticker = SilenceTimer.Ticker.of(vertx);
  }

  /**
   * Each event loop has connections of its own: an answer that changed threads would wait twice.
   */
  private static final class LoopLocal extends FastThreadLocal<HttpClient> {
    private final Vertx vertx;
    private final HttpClientOptions options;

    private LoopLocal(Vertx vertx, HttpClientOptions options) {
      this.vertx = vertx;
      this.options = options;
    }

    @Override
    protected HttpClient initialValue() {
      return vertx.createHttpClient(options, POOL);
    }
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
    EngineCall call =
        new EngineCall(closing.get(), instance, request, limits, headers, ticker, sink);
    call.start(clientFor(engine));
    return call;
  }

  private HttpClient clientFor(Engine engine) {
    return (engine.keepsConnections() ? keeping : closing).get();
  }

  /**
   * Tokens of a conversation as the server counts them; empty when it does not tell, for whatever
   * reason. Never fails.
   */
  public Future<OptionalLong> count(Engine engine, SocketAddress instance, CountRequest count) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setServer(instance)
            .setHost(instance.host())
            .setPort(instance.port())
            .setURI(count.path())
            .setTimeout(COUNT_MILLIS)
            .putHeader("content-type", "application/json");
    return clientFor(engine)
        .request(options)
        .compose(request -> request.send(Json.bytes(count.body())))
        .compose(answer -> answer.body())
        .map(answer -> count.read(answer.getBytes()))
        .otherwise(OptionalLong.empty());
  }
}
