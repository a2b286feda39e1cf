package io.mistraloperator.operator.bench;

import static org.awaitility.Awaitility.await;

import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.operator.definitions.DefinitionUpgrade;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * What the operator does with many deployments, on an API server without a cluster behind it
 * (T-T5). Arguments: the document to write, and the seconds at rest that are watched.
 */
public final class OperatorBench {
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final int SIZE = 500;
  private static final int PROJECTS = 5;
  private static final int CHANGES = 100;
  private static final Duration BETWEEN_CHANGES = Duration.ofMillis(500);
  private static final Duration BASELINE = Duration.ofSeconds(30);

  private final ApiServer server;
  private final Fleet fleet;
  private final String platform;
  private final Duration rest;
  private final Report report = new Report();

  private OperatorBench(ApiServer server, Duration rest) {
    this.server = server;
    this.rest = rest;
    new DefinitionUpgrade(server.client(), Duration.ofSeconds(30)).run();
    platform = server.newNamespace();
    fleet = Fleet.in(server, PROJECTS, SIZE);
  }

  /** Measures and writes; threads of clients do not keep it from ending. */
  public static void main(String[] arguments) {
    int status = 1;
    try (var server = ApiServer.withoutDefinitions()) {
      var bench = new OperatorBench(server, Duration.ofSeconds(Integer.parseInt(arguments[1])));
      bench.measure();
      Files.writeString(Path.of(arguments[0]), bench.report.text(SIZE, PROJECTS));
      bench.report.broken().forEach(bound -> System.err.println("too much: " + bound));
      status = bench.report.broken().isEmpty() ? 0 : 1;
    } catch (IOException | RuntimeException e) {
      e.printStackTrace();
    }
    System.exit(status);
  }

  private void measure() {
    var idle = calls(BASELINE);
    try (var _ = new Kubelets(server.client())) {
      try (var first = Replica.start(server, platform)) {
        until("readiness", first::isReady);
        create(first);
        change(first);
        rest(first, idle);
        failOver(first);
      }
      startWithAll();
    }
  }

  private void create(Replica replica) {
    var phase = Phase.begin("all are made at once", replica);
    fleet.create();
    until("all are ready", () -> fleet.ready() == SIZE);
    quiet(replica);
    report.add(phase.end());
  }

  private void change(Replica replica) {
    var phase = Phase.begin("%d are scaled, two a second".formatted(CHANGES), replica);
    for (int number = 0; number < CHANGES; number++) {
      fleet.scale(number, 2);
      pause(BETWEEN_CHANGES);
    }
    until("all are ready again", () -> fleet.ready() == SIZE);
    quiet(replica);
    report.add(phase.end());
  }

  private void rest(Replica replica, Samples idle) {
    var before = fleet.versions();
    var phase = Phase.begin("nobody does anything", replica);
    var calls = calls(rest);
    report.add(phase.end());
    report.atRest(calls, idle, rest, BASELINE);
    report.written("at rest", before, fleet.versions());
  }

  /** The leader is killed; the other replica takes over. */
  private void failOver(Replica leader) {
    try (var standby = Replica.start(server, platform)) {
      until("the standby's readiness", standby::isReady);
      quiet(leader);
      var before = fleet.versions();
      String holder = holder();
      long killed = System.nanoTime();
      leader.process().kill();
      var phase = Phase.begin("the other replica takes over", standby);
      until("another leader", () -> !holder.equals(holder()));
      var led = Duration.ofNanos(System.nanoTime() - killed);
      until("a pass over all", () -> Replica.passes(standby.samples()) >= SIZE);
      var passed = Duration.ofNanos(System.nanoTime() - killed);
      quiet(standby);
      report.add(phase.end());
      report.written("by the replica that took over", before, fleet.versions());
      fleet.scale(0, 3);
      until("the new leader's work", () -> fleet.replicas(0) == 3);
      report.failover(led, passed);
    }
  }

  private void startWithAll() {
    server.client().leases().inNamespace(platform).delete();
    long begun = System.nanoTime();
    try (var replica = Replica.start(server, platform)) {
      until("it answers", () -> replica.process().status("/q/health/live") != 0);
      var phase = Phase.begin("it starts with all of them", replica);
      until("a pass over all", () -> Replica.passes(replica.samples()) >= SIZE);
      report.start(Duration.ofNanos(System.nanoTime() - begun));
      quiet(replica);
      report.add(phase.end());
    }
  }

  private String holder() {
    return server
        .client()
        .leases()
        .inNamespace(platform)
        .withName("mistral-operator")
        .get()
        .getSpec()
        .getHolderIdentity();
  }

  /** Calls that the API server got in a time, by verb and resource. */
  private Samples calls(Duration time) {
    var before = apiServer();
    pause(time);
    return apiServer().since(before);
  }

  private Samples apiServer() {
    return Samples.of(server.client().raw("/metrics")).only("apiserver_request_total");
  }

  /** Until no pass has begun for ten seconds. */
  private static void quiet(Replica replica) {
    Map<String, Double> last = new TreeMap<>();
    await("quiet")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(10))
        .until(
            () -> {
              double begun = Replica.begun(replica.samples());
              return Objects.equals(last.put("begun", begun), begun);
            });
  }

  private static void until(String what, Callable<Boolean> holds) {
    await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(250)).until(holds);
  }

  private static void pause(Duration time) {
    try {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
