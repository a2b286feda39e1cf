package io.mistraloperator.operator.flow;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A gateway pod on the API server that tells its load as the real one does. */
final class TestGateway implements AutoCloseable {
  private static final Map<String, String> LABELS =
      Map.of("app.kubernetes.io/component", "gateway", "app.kubernetes.io/part-of", "mistral");

  private final World world;
  private final String name;
  private final Clock clock;
  private final HttpServer server;
  private final AtomicInteger asked = new AtomicInteger();
  private final Map<String, Load> loads = new ConcurrentHashMap<>();
  private volatile Instant booted;
  private volatile String broken = "";

  private final Map<String, Reading> readings = new ConcurrentHashMap<>();

  /** The time in which it reads a route that was written; closed when it has. */
  final class Reading implements AutoCloseable {
    private final String route;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch read = new CountDownLatch(1);

    private Reading(String route) {
      this.route = route;
    }

    void awaitAsked() {
      world.until("the operator to ask", () -> asked.getCount() == 0);
    }

    @Override
    public void close() {
      readings.remove(route);
      read.countDown();
    }
  }

  private record Load(int inFlight, int held, Instant last) {}

  /**
   * Starts a gateway.
   *
   * @param address its pod's address, of this computer
   * @param port the same for all gateways of an operator; 0 chooses one
   */
  TestGateway(World world, String name, String address, int port, Clock clock) throws IOException {
    this.world = world;
    this.name = name;
    this.clock = clock;
    this.booted = clock.instant();
    this.server = HttpServer.create(new InetSocketAddress(address, port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/load", this::answer);
    server.createContext("/routes/", this::served);
    server.start();
    appear(address);
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** How often it was asked. */
  int asked() {
    return asked.get();
  }

  /** Requests of an endpoint from now on. */
  void load(String route, int inFlight, int held) {
    loads.put(route, new Load(inFlight, held, clock.instant()));
  }

  /** Begins to read a route; others it has read as soon as they are written. */
  Reading reads(String route) {
    var reading = new Reading(route);
    readings.put(route, reading);
    return reading;
  }

  /** A new process, which knows of nothing that was before. */
  void restart() {
    loads.clear();
    booted = clock.instant();
  }

  /** Answers with this instead of its load, or rightly again with nothing. */
  void breaks(String answer) {
    broken = answer;
  }

  private void appear(String address) {
    var pod =
        world
            .client
            .pods()
            .resource(
                new PodBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .withNamespace(world.platform)
                    .withLabels(LABELS)
                    .endMetadata()
                    .withNewSpec()
                    .addNewContainer()
                    .withName("gateway")
                    .withImage("gateway")
                    .endContainer()
                    .endSpec()
                    .build())
            .create();
    world.reports.report(
        pod,
        """
        phase: Running
        podIP: %s
        conditions: [{type: Ready, status: "True"}]
        """
            .formatted(address));
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.incrementAndGet();
    byte[] body = (broken.isEmpty() ? report() : broken).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private void served(HttpExchange exchange) throws IOException {
    var reading = readings.get(exchange.getRequestURI().getPath().substring("/routes/".length()));
    if (reading != null) {
      reading.asked.countDown();
      try {
        reading.read.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  private String report() {
    Map<String, Object> deployments = new TreeMap<>();
    loads.forEach(
        (route, load) ->
            deployments.put(
                world.project + "/" + route + "/" + route,
                Map.of(
                    "inFlight", load.inFlight(),
                    "held", load.held(),
                    "tokensInFlight", 0,
                    "requests", 1,
                    "lastRequest", load.last().toString(),
                    "promptTokens", 0,
                    "completionTokens", 0)));
    return Serialization.asJson(
        Map.of("gateway", name, "bootedAt", booted.toString(), "deployments", deployments));
  }

  @Override
  public void close() {
    server.stop(0);
    world.client.pods().inNamespace(world.platform).withName(name).withGracePeriod(0).delete();
  }
}
