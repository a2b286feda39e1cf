package io.mistraloperator.gateway.http;

import io.mistraloperator.gateway.Exchange;
import io.mistraloperator.gateway.Head;
import io.mistraloperator.gateway.Services;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.KeyCertOptions;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The listeners for applications. */
public final class GatewayServer {
  private static final int HEADER_LIMIT = 32 * 1024;
  private static final int LINE_LIMIT = 8 * 1024;

  /** Free ports that the event loops share; zero would give each loop one of its own. */
  private static final int ANY_PLAIN_PORT = -1;

  private static final int ANY_TLS_PORT = -2;

  private final Vertx vertx;
  private final Services services;
  private final Intake intake;
  private final ConnectionLimits limits;
  private final int eventLoops;
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private final AtomicInteger connected = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();
  private final Drain drain;

  /** Makes listeners for {@code eventLoops} threads; none listens yet. */
  public GatewayServer(
      Vertx vertx, Services services, Intake intake, ConnectionLimits limits, int eventLoops) {
    this.vertx = vertx;
    this.services = services;
    this.intake = intake;
    this.limits = limits;
    this.eventLoops = eventLoops;
    this.drain = new Drain(vertx, connected::get, running::get);
  }

  /**
   * Listens without TLS.
   *
   * @param port 0 for any that is free
   * @return the port
   */
  public Future<Integer> listenPlain(int port) {
    return listen(options(port == 0 ? ANY_PLAIN_PORT : port)).map(HttpServer::actualPort);
  }

  /**
   * Listens with TLS.
   *
   * @param port 0 for any that is free
   * @param certificate asked anew for each connection
   */
  public Future<HttpServer> listenTls(int port, KeyCertOptions certificate) {
    return listen(
        options(port == 0 ? ANY_TLS_PORT : port)
            .setSsl(true)
            .setSslHandshakeTimeout(limits.head().toMillis())
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            .setUseAlpn(true)
            .setKeyCertOptions(certificate));
  }

  private static HttpServerOptions options(int port) {
    return new HttpServerOptions()
        .setPort(port)
        .setMaxHeaderSize(HEADER_LIMIT)
        .setMaxInitialLineLength(LINE_LIMIT)
        // Nobody needs HTTP/2 without TLS, and waiting for its first bytes would keep idle
        // newcomers.
        .setHttp2ClearTextEnabled(false)
        .setHandle100ContinueAutomatically(true)
        .setTcpNoDelay(true)
        .setTcpKeepAlive(true)
        .setCompressionSupported(false)
        // There are no WebSockets here; each would add a handler to every connection.
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false);
  }

  private Future<HttpServer> listen(HttpServerOptions options) {
    List<HttpServer> started = new CopyOnWriteArrayList<>();
    return vertx
        .deployVerticle(
            () -> new Listener(options, started), new DeploymentOptions().setInstances(eventLoops))
        .map(
            deployed -> {
              servers.addAll(started);
              return started.getFirst();
            });
  }

  /** One of the servers that share a port, on an event loop of its own. */
  private final class Listener extends AbstractVerticle {
    private final HttpServerOptions options;
    private final List<HttpServer> started;

    private Listener(HttpServerOptions options, List<HttpServer> started) {
      this.options = options;
      this.started = started;
    }

    @Override
    public void start(Promise<Void> done) {
      Connections connections = new Connections(limits, System::nanoTime);
      vertx.setPeriodic(Connections.interval(limits).toMillis(), tick -> connections.sweep());
      vertx
          .createHttpServer(options)
          .connectionHandler(connection -> connected(connection, connections))
          .requestHandler(request -> requested(request, connections))
          .invalidRequestHandler(GatewayServer::broken)
          .listen()
          .onSuccess(started::add)
          .<Void>mapEmpty()
          .onComplete(done);
    }
  }

  private void connected(HttpConnection connection, Connections connections) {
    connected.incrementAndGet();
    connections.opened(connection);
    connection.closeHandler(
        closed -> {
          connected.decrementAndGet();
          connections.closed(connection);
          drain.closed(connection);
        });
  }

  private void requested(HttpServerRequest request, Connections connections) {
    connections.began(request.connection());
    running.incrementAndGet();
    // Until somebody has decided to read it.
    Inflow inflow = Inflow.held(request);
    BodyBudget.Share share = intake.budget().share();
    request
        .response()
        .endHandler(
            end -> {
              share.release();
              connections.ended(request.connection());
              running.decrementAndGet();
              drain.answered(request);
            });
    drain.requested(request);
    String requestId = requestId();
    Head head =
        new Head(
            request.method().name(),
            request.isSSL() ? "https" : "http",
            request.authority() == null ? "" : request.authority().host(),
            request.path() == null ? "/" : request.path(),
            request.query() == null ? "" : request.query(),
            request.headers());
    new Exchange(
            services,
            requestId,
            head,
            new HttpCaller(vertx, intake, inflow, share, request, requestId))
        .begin();
  }

  private static void broken(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    response.putHeader("x-request-id", requestId());
    response.putHeader("connection", "close");
    ErrorWriter.answer(
            response, BrokenHead.refusal(request.decoderResult().cause(), LINE_LIMIT, HEADER_LIMIT))
        .onComplete(sent -> request.connection().close());
  }

  /** Nobody has to guess it: a cheaper source of random bits than that of keys. */
  private static String requestId() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return new UUID(
            random.nextLong() & ~0xF000L | 0x4000L, random.nextLong() >>> 2 | Long.MIN_VALUE)
        .toString();
  }

  /**
   * Tells clients to go elsewhere, lets what runs finish, then closes.
   *
   * @param quiet how long nothing must have run before connections that are left are closed
   * @param limit how long to wait for that at most
   */
  public Future<Void> drain(Duration quiet, Duration limit) {
    services.waiting().drain();
    return drain.begin(quiet, limit).compose(over -> close());
  }

  /** Requests being answered. */
  public int running() {
    return running.get();
  }

  /** Connections of applications. */
  public int connections() {
    return connected.get();
  }

  /** Closes every listener and connection now. */
  public Future<Void> close() {
    return Future.join(servers.stream().map(HttpServer::close).toList()).mapEmpty();
  }
}
