package io.mistraloperator.gateway.boot;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mistraloperator.gateway.CountedAs;
import io.mistraloperator.gateway.Services;
import io.mistraloperator.gateway.auth.Gate;
import io.mistraloperator.gateway.balance.Picker;
import io.mistraloperator.gateway.engine.EngineClient;
import io.mistraloperator.gateway.hold.Budget;
import io.mistraloperator.gateway.hold.WaitingRoom;
import io.mistraloperator.gateway.http.BodyBudget;
import io.mistraloperator.gateway.http.ConnectionLimits;
import io.mistraloperator.gateway.http.GatewayServer;
import io.mistraloperator.gateway.http.Intake;
import io.mistraloperator.gateway.http.TlsFiles;
import io.mistraloperator.gateway.http.TlsListener;
import io.mistraloperator.gateway.observe.AccessLog;
import io.mistraloperator.gateway.observe.GatewayMetrics;
import io.mistraloperator.gateway.observe.LoadReport;
import io.mistraloperator.gateway.observe.SpanExport;
import io.mistraloperator.gateway.observe.Tracing;
import io.mistraloperator.gateway.route.InstanceDirectory;
import io.mistraloperator.gateway.route.InstanceWatch;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.route.RouteTable;
import io.mistraloperator.gateway.route.RouteWatch;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/** The running gateway. */
@Singleton
class Gateway {
  private static final Logger LOG = Logger.getLogger(Gateway.class);
  private static final Duration CERTIFICATE_INTERVAL = Duration.ofSeconds(1);

  /** A watch tells of a change within milliseconds, unless the API server cannot be reached. */
  private static final Duration READING = Duration.ofSeconds(2);

  private static final Duration CLOSING = Duration.ofSeconds(5);

  /** Less than what the chart leaves between the last request and the end of the process. */
  private static final Duration LAST_SPANS = Duration.ofSeconds(2);

  private final GatewayConfig config;
  private final Instant booted;
  private final RouteTable routes;
  private final InstanceDirectory instances = new InstanceDirectory();
  private final GatewayMetrics metrics;
  private final RouteWatch routeWatch;
  private final InstanceWatch instanceWatch;
  private final WaitingRoom waiting;
  private final GatewayServer server;
  private final TlsListener tls;
  private final AccessLog accessLog;
  private final Optional<SpanExport> spans;

  @Inject
  Gateway(
      GatewayConfig config,
      Config settings,
      KubernetesClient client,
      Vertx vertx,
      MeterRegistry registry) {
    Clock clock = Clock.systemUTC();
    this.config = config;
    this.booted = clock.instant();
    this.routes = new RouteTable(config.domain());
    this.metrics = new GatewayMetrics(registry, clock);
    this.routeWatch =
        new RouteWatch(client, config.namespace(), config.requestLimits(), this::routes);
    Gauge.builder("mistral.gateway.routes.unreadable", routeWatch, RouteWatch::unreadable)
        .description("Deployments and whole endpoints that are not served for they cannot be read")
        .register(registry);
    this.instanceWatch = new InstanceWatch(client, instances::replace);
    BodyBudget budget =
        new BodyBudget(config.bodyBudgetBytes().orElse(Runtime.getRuntime().maxMemory() / 4));
    this.waiting =
        new WaitingRoom(
            vertx, instances, config.holdRequests(), config.holdBytes().orElse(budget.total() / 2));
    this.accessLog =
        new AccessLog(
            clock, write -> vertx.setTimer(AccessLog.DELAY.toMillis(), due -> write.run()));
    this.spans = SpanExport.of(OpenTelemetrySettings.of(settings), resource(), registry);
    Services services =
        new Services(
            routes,
            instances,
            new Gate(
                vertx,
                clock,
                new Gate.Settings(
                    config.issuers().orElse(List.of()),
                    config.projectsClaim(),
                    config.issuerAuthorities()),
                new ClusterTokenReviewer(client)),
            waiting,
            new Picker(System::nanoTime),
            new EngineClient(vertx),
            new Budget(config.mirrorRequests(), config.mirrorBytes()),
            metrics,
            accessLog,
            spans.map(SpanExport::tracing).orElseGet(Tracing::off),
            clock,
            vertx);
    Gauge.builder("mistral.gateway.request.body.bytes", budget, BodyBudget::used)
        .description("Bytes of request bodies that are held")
        .register(registry);
    Gauge.builder("mistral.gateway.request.bodies.waiting", budget, BodyBudget::waiting)
        .description("Request bodies that wait until others are no longer held")
        .register(registry);
    this.server =
        new GatewayServer(
            vertx,
            services,
            new Intake(budget, config.bodyTimeout()),
            new ConnectionLimits(config.headTimeout(), config.idleTimeout()),
            Runtime.getRuntime().availableProcessors());
    Gauge.builder("mistral.gateway.connections", server, GatewayServer::connections)
        .description("Connections of applications")
        .register(registry);
    this.tls =
        new TlsListener(vertx, server, new TlsFiles(config.tlsDirectory()), config.httpsPort());
  }

  void start(@Observes StartupEvent event) throws Exception {
    routeWatch.start();
    instanceWatch.start();
    int port =
        server
            .listenPlain(config.httpPort())
            .toCompletionStage()
            .toCompletableFuture()
            .get(CLOSING.toSeconds(), TimeUnit.SECONDS);
    tls.start(CERTIFICATE_INTERVAL);
    LOG.infof(
        "Listening on %d; on SIGTERM not ready for %s, then up to %s for running requests",
        port, config.drainDelay(), config.drainLimit());
  }

  void stop(@Observes ShutdownEvent event) throws Exception {
    LOG.infof("Draining, %d requests are running", server.running());
    tls.stop();
    server
        .drain(config.drainQuiet(), config.drainLimit())
        .toCompletionStage()
        .toCompletableFuture()
        .get(config.drainLimit().plus(CLOSING).toMillis(), TimeUnit.MILLISECONDS);
    accessLog.flush();
    spans.ifPresent(export -> export.close(LAST_SPANS));
    routeWatch.close();
    instanceWatch.close();
  }

  /** Whether routes and instances are known. */
  boolean synced() {
    return routeWatch.synced() && instanceWatch.synced();
  }

  /** Whether the TLS listener has a certificate. */
  boolean tlsReady() {
    return tls.ready();
  }

  /** Ends once at least this version of a route is served, and with a failure where it is late. */
  CompletionStage<Void> served(String route, String uid, long generation) {
    return routeWatch.served(route, uid, generation, READING);
  }

  /** What this gateway tells of its load. */
  ObjectNode load() {
    return LoadReport.of(config.podName(), booted, metrics.loads());
  }

  private Map<String, String> resource() {
    return Map.of(
        "service.instance.id", config.podName(),
        "k8s.pod.name", config.podName(),
        "k8s.namespace.name", config.namespace());
  }

  private void routes(Collection<Route> all) {
    metrics.retain(all.stream().flatMap(CountedAs::all).collect(Collectors.toSet()));
    routes.replace(all);
    waiting.follow(all);
  }
}
