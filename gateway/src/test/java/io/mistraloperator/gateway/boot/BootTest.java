package io.mistraloperator.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.Config;
import io.mistraloperator.gateway.testing.ApiServer;
import io.mistraloperator.gateway.testing.Certificates;
import io.mistraloperator.gateway.testing.ClusterObjects;
import io.mistraloperator.gateway.testing.Collector;
import io.mistraloperator.gateway.testing.Routes;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

@QuarkusTest
@EnabledIf(
    value = "io.mistraloperator.gateway.testing.ApiServer#installed",
    disabledReason = "no API server is installed: run the tests with make")
@QuarkusTestResource(BootTest.Surroundings.class)
@DisplayName("the program in its surroundings")
class BootTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private static ApiServer server;
  private static Path tls;
  private static int port;
  private static Vertx vertx;
  private static Collector collector;

  @TestHTTPResource("/q/")
  URI management;

  /** An API server, a collector of traces, an empty directory for the certificate, free ports. */
  public static final class Surroundings implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
      server = ApiServer.start();
      Config config = server.client().getConfiguration();
      try (ServerSocket free = new ServerSocket(0)) {
        port = free.getLocalPort();
        tls = Files.createTempDirectory("tls");
        vertx = Vertx.vertx();
        collector = new Collector(vertx);
      } catch (Exception e) {
        throw new IllegalStateException("the surroundings of the program cannot be made", e);
      }
      Map<String, String> settings = new HashMap<>(collector.settings());
      settings.put("quarkus.kubernetes-client.api-server-url", config.getMasterUrl());
      either(settings, "ca-cert", config.getCaCertData(), config.getCaCertFile());
      either(settings, "client-cert", config.getClientCertData(), config.getClientCertFile());
      either(settings, "client-key", config.getClientKeyData(), config.getClientKeyFile());
      settings.put("quarkus.http.test-port", "0");
      settings.put("mistral.namespace", "default");
      settings.put("mistral.pod-name", "mistral-gateway-0");
      settings.put("mistral.drain-delay", "0s");
      settings.put("mistral.tls-directory", tls.toString());
      settings.put("mistral.http-port", Integer.toString(port));
      settings.put("mistral.https-port", "0");
      return settings;
    }

    private static void either(
        Map<String, String> settings, String name, String data, String file) {
      String prefix = "quarkus.kubernetes-client." + name;
      if (data != null) {
        settings.put(prefix + "-data", data);
      } else {
        settings.put(prefix + "-file", file);
      }
    }

    @Override
    public void stop() {
      server.close();
      collector.close();
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private static HttpResponse<String> get(URI uri, String... headers) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest.Builder request = HttpRequest.newBuilder(uri);
      if (headers.length > 0) {
        request.headers(headers);
      }
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void readyWithItsCertificateServingItsRoutesWithOrWithoutTheApiServer() throws Exception {
    URI ready = management.resolve("health/ready");
    assertThat(get(management.resolve("health/live")).statusCode()).isEqualTo(200);
    assertThat(get(management.resolve("health/started")).statusCode()).isEqualTo(200);
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(get(ready).body()).contains("listed", "\"UP\"", "\"DOWN\""));
    assertThat(get(ready).statusCode()).isEqualTo(503);

    Certificates.write(tls, "gateway");
    await().atMost(SOON).until(() -> get(ready).statusCode() == 200);

    var written =
        server
            .client()
            .resource(ClusterObjects.route("default", "chat-one", Routes.PRIMARY))
            .create()
            .getMetadata();
    String version = "/routes/chat-one?uid=" + written.getUid() + "&generation=";
    assertThat(get(management.resolve(version + written.getGeneration())).statusCode())
        .isEqualTo(200);
    assertThat(get(management.resolve(version + "0")).statusCode()).isEqualTo(400);
    assertThat(get(management.resolve(version + (written.getGeneration() + 1))).statusCode())
        .as("not in time")
        .isEqualTo(504);
    URI info = URI.create("http://127.0.0.1:" + port + "/endpoints/chat-one/info");
    assertThat(get(info, "api-key", Routes.PRIMARY).statusCode())
        .as("once it is read")
        .isEqualTo(200);
    assertThat(get(management.resolve("metrics")).body())
        .contains(
            "mistral_gateway_requests_total{", "endpoint=\"chat-one\"", "mistral_gateway_in_flight")
        .doesNotContain(Routes.PRIMARY);
    HttpResponse<String> load = get(management.resolve("/load"));
    assertThat(load.headers().firstValue("content-type")).contains("application/json");
    // Being asked what there is, is no load.
    assertThat(load.body())
        .contains("\"gateway\":\"mistral-gateway-0\"", "\"bootedAt\":\"")
        .contains(
            "\"team-a/chat-one/chat-one\":{\"inFlight\":0,\"held\":0,\"tokensInFlight\":0,\"requests\":0,")
        .doesNotContain("lastRequest");

    await().atMost(SOON).until(() -> !collector.requests().isEmpty());
    assertThat(collector.requests()).extracting(Collector.Seen::name).contains("GET /info");
    assertThat(collector.resources().getFirst())
        .containsEntry("service.name", "mistral-gateway")
        .containsEntry("k8s.namespace.name", "default")
        .containsEntry("k8s.pod.name", "mistral-gateway-0");
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(get(management.resolve("metrics")).body())
                    .contains("mistral_gateway_spans_total{outcome=\"exported\"}"));

    server.close();
    await()
        .during(Duration.ofSeconds(3))
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(get(ready).statusCode()).isEqualTo(200);
              assertThat(get(info, "api-key", Routes.PRIMARY).statusCode()).isEqualTo(200);
            });
  }
}
