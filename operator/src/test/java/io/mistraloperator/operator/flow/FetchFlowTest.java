package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.mistraloperator.api.FetchStatus;
import io.mistraloperator.api.MistralDeploymentStatus;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sources and caches of weights on a real API server. */
@ExtendWith(ApiServerExtension.class)
class FetchFlowTest {
  private static final String HUB =
      "source: {huggingFace: {repository: mistralai/m, file: m.gguf}}";
  private static final String FETCHES =
      """
      phase: Pending
      podIP: 127.0.0.1
      podIPs: [{ip: 127.0.0.1}]
      initContainerStatuses:
      - {name: model, image: "fetcher:1", imageID: "", ready: false, restartCount: 0,
         state: {running: {startedAt: "2026-01-01T00:00:00Z"}}}
      containerStatuses:
      - {name: engine, image: "llama:1", imageID: "", ready: false, restartCount: 0, state: {waiting: {reason: PodInitializing}}}
      """;

  private final World world;

  FetchFlowTest(ApiServer server) {
    this.world = new World(server);
  }

  @Test
  @DisplayName(
      "T-M10 progress reaches the status, at most every ten seconds, and goes with the fetch")
  void tellsTheProgress() throws IOException {
    var told = new AtomicReference<>(progress(1, 1, ""));
    List<Instant> asked = new CopyOnWriteArrayList<>();
    var fetcher = fetcher(told, asked);
    try (var _ =
        RunningOperator.start(
            world.server,
            world.platform,
            Map.of(
                RunningOperator.PROGRESS_PORT, Integer.toString(fetcher.getAddress().getPort())))) {
      world.deploy("load", HUB);
      world.until("the engine", () -> world.engine(world.project, "load").isPresent());
      var pod =
          world.reports.pod(world.engine(world.project, "load").orElseThrow(), "load-1", FETCHES);
      world.eventually(() -> assertThat(fetch("load").summary()).startsWith("1 MiB of 100 MiB"));
      assertThat(world.condition(world.deployment("load"), "Ready").getReason())
          .isEqualTo("Fetching");
      told.set(progress(50, 1, ""));
      world.eventually(() -> assertThat(fetch("load").bytesDone()).isEqualTo(50L << 20));
      assertThat(world.condition(world.deployment("load"), "Ready").getReason())
          .isEqualTo("FetchSlow");
      told.set(progress(50, 0, "no byte in 60 s; trying again in 2 s"));
      world.eventually(
          () ->
              assertThat(world.condition(world.deployment("load"), "Ready").getMessage())
                  .contains("no byte in 60 s"));
      assertThat(asked).hasSizeBetween(3, 5);
      for (int i = 1; i < asked.size(); i++) {
        assertThat(Duration.between(asked.get(i - 1), asked.get(i)))
            .isGreaterThan(Duration.ofMillis(9_900));
      }
      assertThat(warnings("load")).contains("FetchSlow", "FetchRetrying").doesNotHaveDuplicates();
      world.reports.report(pod, denied());
      world.eventually(
          () -> {
            var deployment = world.deployment("load");
            assertThat(deployment.getStatus().fetch()).isNull();
            for (String type : List.of("Ready", "Stalled")) {
              assertThat(world.condition(deployment, type).getReason())
                  .isEqualTo("FetchAccessDenied");
              assertThat(world.condition(deployment, type).getMessage())
                  .contains("Secret hub-token");
            }
          });
    } finally {
      fetcher.stop(0);
    }
  }

  @Test
  @DisplayName("T-M6 instances of a claim for one node stay on one node, of whichever deployment")
  void keepsInstancesOnOneNode() {
    claim("one-node", "ReadWriteOnce");
    claim("many-nodes", "ReadWriteMany");
    claim("one-pod", "ReadWriteOncePod");
    try (var _ = world.operator()) {
      world.deploy("first", HUB, "cache: {claimName: one-node}", "instances: 2");
      world.deploy("second", HUB, "cache: {claimName: one-node}");
      world.deploy("third", HUB, "cache: {claimName: many-nodes}", "instances: 2");
      world.deploy("fourth", HUB, "cache: {claimName: one-pod}");
      world.eventually(
          () -> {
            var first = pods("first");
            assertThat(first.getAffinity().getPodAffinity()).isNotNull();
            assertThat(pods("second").getAffinity()).isEqualTo(first.getAffinity());
            assertThat(pods("second").getContainers().getFirst().getArgs().get(1))
                .as("T-M5 both read the same file")
                .isEqualTo(first.getContainers().getFirst().getArgs().get(1));
            assertThat(pods("third").getAffinity()).isNull();
            var refused = world.condition(world.deployment("fourth"), "PlanAccepted");
            assertThat(refused.getReason()).isEqualTo("ClaimNotShareable");
            assertThat(refused.getMessage()).contains("one-pod", "ReadWriteOncePod");
          });
      assertThat(world.engine(world.project, "fourth")).isEmpty();
      assertThat(world.deployment("first").getStatus().plan().weights())
          .isEqualTo(
              "huggingFace mistralai/m@main; kept in claim one-node; one node at a time may mount it, so all instances run on one node");
    }
  }

  @Test
  @DisplayName("T-M9 a cache of one's own is made, grows without touching the pods, and goes again")
  void ownCacheFollowsTheSpec() {
    try (var _ = world.operator()) {
      world.deploy("own", HUB, "cache: {size: 1Gi}");
      world.until("the claim", () -> cache("own").isPresent());
      var made = cache("own").orElseThrow();
      assertThat(made.getSpec().getAccessModes()).containsExactly("ReadWriteOnce");
      assertThat(made.getMetadata().getOwnerReferences().getFirst().getName()).isEqualTo("own");
      world.until("the engine", () -> world.engine(world.project, "own").isPresent());
      long generation =
          world.engine(world.project, "own").orElseThrow().getMetadata().getGeneration();
      world.deploy("own", HUB, "cache: {size: 1Gi}", "instances: 2");
      world.until(
          "two instances",
          () -> world.engine(world.project, "own").orElseThrow().getSpec().getReplicas() == 2);
      assertThat(world.engine(world.project, "own").orElseThrow().getMetadata().getGeneration())
          .isEqualTo(generation + 1);
      world.deploy("own", "instances: 2");
      world.until("the claim is gone", () -> cache("own").isEmpty());
    }
  }

  @Test
  @DisplayName("T-M8 offline: what would be fetched is refused, a claim serves, nothing gets out")
  void offlineFetchesNothing() {
    try (var _ =
        RunningOperator.start(
            world.server, world.platform, Map.of("mistral.weights.offline", "true"))) {
      world.deploy("remote", HUB);
      world.deploy("local", "source: {pvc: {claimName: weights, path: m.gguf}}");
      world.eventually(
          () ->
              assertThat(world.condition(world.deployment("remote"), "Stalled").getReason())
                  .isEqualTo("Offline"));
      world.until("the engine", () -> world.engine(world.project, "local").isPresent());
      assertThat(pods("local").getInitContainers()).isEmpty();
      assertThat(world.engine(world.project, "remote")).isEmpty();
      var policy =
          world
              .client
              .network()
              .v1()
              .networkPolicies()
              .inNamespace(world.project)
              .withName("local-engine")
              .get();
      assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
      assertThat(policy.getSpec().getEgress()).isEmpty();
    }
  }

  private static HttpServer fetcher(AtomicReference<String> told, List<Instant> asked)
      throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/progress",
        exchange -> {
          asked.add(Instant.now());
          byte[] body = told.get().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static String progress(long done, long rate, String trouble) {
    return """
        {"phase": "Fetching", "bytesDone": %d, "bytesTotal": %d, "bytesPerSecond": %d, "secondsMeasured": %d, "trouble": "%s"}
        """
        .formatted(done << 20, 100L << 20, rate << 20, done > 1 ? 60 : 5, trouble);
  }

  private static String denied() {
    return """
        phase: Pending
        initContainerStatuses:
        - {name: model, image: "fetcher:1", imageID: "", ready: false, restartCount: 1,
           state: {waiting: {reason: CrashLoopBackOff}},
           lastState: {terminated: {exitCode: 10, reason: Error, message: "the hub does not take the token of Secret hub-token"}}}
        """;
  }

  private FetchStatus fetch(String name) {
    return Optional.ofNullable(world.deployment(name).getStatus())
        .map(MistralDeploymentStatus::fetch)
        .orElseThrow(() -> new AssertionError("no fetch in the status"));
  }

  private List<String> warnings(String name) {
    return world.client.v1().events().inNamespace(world.project).list().getItems().stream()
        .filter(event -> event.getInvolvedObject().getName().equals(name))
        .filter(event -> event.getType().equals("Warning"))
        .map(Event::getReason)
        .toList();
  }

  private PodSpec pods(String name) {
    var engine = world.engine(world.project, name);
    assertThat(engine).isPresent();
    return engine.orElseThrow().getSpec().getTemplate().getSpec();
  }

  private Optional<PersistentVolumeClaim> cache(String name) {
    return Optional.ofNullable(
            world
                .client
                .persistentVolumeClaims()
                .inNamespace(world.project)
                .withName(name + "-cache")
                .get())
        .filter(claim -> claim.getMetadata().getDeletionTimestamp() == null);
  }

  private void claim(String name, String mode) {
    world
        .client
        .resource(
            new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(world.project)
                .endMetadata()
                .withNewSpec()
                .withAccessModes(mode)
                .withNewResources()
                .addToRequests("storage", new Quantity("1Gi"))
                .endResources()
                .endSpec()
                .build())
        .create();
  }
}
