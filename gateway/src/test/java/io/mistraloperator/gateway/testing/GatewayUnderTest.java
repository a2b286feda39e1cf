package io.mistraloperator.gateway.testing;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mistraloperator.gateway.CountedAs;
import io.mistraloperator.gateway.Services;
import io.mistraloperator.gateway.auth.Gate;
import io.mistraloperator.gateway.auth.TokenReviewer;
import io.mistraloperator.gateway.balance.Picker;
import io.mistraloperator.gateway.engine.EngineClient;
import io.mistraloperator.gateway.hold.Budget;
import io.mistraloperator.gateway.hold.WaitingRoom;
import io.mistraloperator.gateway.http.BodyBudget;
import io.mistraloperator.gateway.http.ConnectionLimits;
import io.mistraloperator.gateway.http.GatewayServer;
import io.mistraloperator.gateway.http.Intake;
import io.mistraloperator.gateway.observe.AccessLog;
import io.mistraloperator.gateway.observe.EndpointLoad;
import io.mistraloperator.gateway.observe.GatewayMetrics;
import io.mistraloperator.gateway.observe.RequestRecord.EndpointName;
import io.mistraloperator.gateway.observe.Tracing;
import io.mistraloperator.gateway.route.Deployment;
import io.mistraloperator.gateway.route.Instance;
import io.mistraloperator.gateway.route.InstanceDirectory;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.route.RouteTable;
import io.mistraloperator.gateway.route.ServiceRef;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The whole gateway over real HTTP, its tables fed by the test in place of a cluster. */
public final class GatewayUnderTest implements AutoCloseable {
  /** Copies that are under way to mirrored deployments at most. */
  public static final int COPIES = 4;

  private static final Duration LONG = Duration.ofMinutes(1);
  private static final ConnectionLimits CONNECTIONS = new ConnectionLimits(LONG, LONG);
  private static final Gate.Settings NO_TOKENS =
      new Gate.Settings(List.of(), Optional.empty(), Optional.empty());
  private static final TokenReviewer NO_CLUSTER = (token, audiences) -> Optional.empty();

  private final RouteTable routes = new RouteTable("localhost");
  private final InstanceDirectory instances = new InstanceDirectory();
  private final Map<ServiceRef, List<Instance>> ready = new HashMap<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final GatewayMetrics metrics = new GatewayMetrics(registry, Clock.systemUTC());
  private final WaitingRoom waiting;
  private final Picker picker;
  private final GatewayServer server;
  private final int port;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public GatewayUnderTest(Vertx vertx) throws Exception {
    this(vertx, Tracing.off());
  }

  /** A gateway that makes spans. */
  public GatewayUnderTest(Vertx vertx, Tracing tracing) throws Exception {
    this(
        vertx,
        new Intake(bodies(), LONG),
        CONNECTIONS,
        Clock.systemUTC(),
        NO_TOKENS,
        NO_CLUSTER,
        tracing);
  }

  /** A gateway that closes connections. */
  public GatewayUnderTest(Vertx vertx, ConnectionLimits connections) throws Exception {
    this(
        vertx,
        new Intake(bodies(), LONG),
        connections,
        Clock.systemUTC(),
        NO_TOKENS,
        NO_CLUSTER,
        Tracing.off());
  }

  /** A gateway that takes tokens of issuers and of a cluster. */
  public GatewayUnderTest(Vertx vertx, Clock clock, Gate.Settings tokens, TokenReviewer reviewer)
      throws Exception {
    this(vertx, new Intake(bodies(), LONG), CONNECTIONS, clock, tokens, reviewer, Tracing.off());
  }

  /** A gateway with bounds on the bodies of all requests. */
  public GatewayUnderTest(Vertx vertx, BodyBudget budget, Duration bodyTimeout) throws Exception {
    this(
        vertx,
        new Intake(budget, bodyTimeout),
        CONNECTIONS,
        Clock.systemUTC(),
        NO_TOKENS,
        NO_CLUSTER,
        Tracing.off());
  }

  private GatewayUnderTest(
      Vertx vertx,
      Intake intake,
      ConnectionLimits connections,
      Clock clock,
      Gate.Settings tokens,
      TokenReviewer reviewer,
      Tracing tracing)
      throws Exception {
    waiting = new WaitingRoom(vertx, instances, 1_000, 64 * 1024 * 1024);
    picker = new Picker(() -> Duration.ofMillis(clock.millis()).toNanos());
    server =
        new GatewayServer(
            vertx,
            new Services(
                routes,
                instances,
                new Gate(vertx, clock, tokens, reviewer),
                waiting,
                picker,
                new EngineClient(vertx),
                new Budget(COPIES, 64 * 1024 * 1024),
                metrics,
                new AccessLog(clock, write -> vertx.runOnContext(turn -> write.run())),
                tracing,
                clock,
                vertx),
            intake,
            connections,
            2);
    port = server.listenPlain(0).toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  private static BodyBudget bodies() {
    return new BodyBudget(64 * 1024 * 1024);
  }

  /** Serves exactly these routes. */
  public void serve(Route... all) {
    routes.replace(Arrays.asList(all));
    waiting.follow(Arrays.asList(all));
    Set<EndpointName> names =
        Arrays.stream(all).flatMap(CountedAs::all).collect(Collectors.toSet());
    metrics.retain(names);
  }

  /** The instances of {@code route}'s only deployment. */
  public void instances(Route route, Instance... all) {
    instances(Routes.only(route), all);
  }

  /** The instances of a deployment. */
  public void instances(Deployment deployment, Instance... all) {
    ready.put(deployment.service(), List.of(all));
    instances.replace(ready);
  }

  /** A request to the endpoint by path, with the primary key. */
  public HttpRequest.Builder request(Route route, String path) {
    return HttpRequest.newBuilder(uri("/endpoints/" + route.endpoint() + path))
        .header("authorization", "Bearer " + Routes.PRIMARY)
        .header("content-type", "application/json");
  }

  /** Posts a body to the endpoint. */
  public HttpResponse<String> post(Route route, String path, String body) {
    return send(request(route, path).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Sends a request and reads the whole answer. */
  public HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  public int port() {
    return port;
  }

  /** What the gateway tells of the load of the endpoint's only deployment. */
  public EndpointLoad.Reading load(Route route) {
    return load(route, Routes.only(route));
  }

  /** What the gateway tells of a deployment's load. */
  public EndpointLoad.Reading load(Route route, Deployment deployment) {
    return metrics.loads().get(CountedAs.of(route, deployment));
  }

  public SimpleMeterRegistry registry() {
    return registry;
  }

  public Picker picker() {
    return picker;
  }

  public GatewayServer server() {
    return server;
  }

  public HttpClient client() {
    return client;
  }

  @Override
  public void close() {
    // Requests that nobody will answer any more are not waited for.
    client.shutdownNow();
    server.close().toCompletionStage().toCompletableFuture().join();
  }
}
