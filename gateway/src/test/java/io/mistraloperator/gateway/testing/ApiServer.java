package io.mistraloperator.gateway.testing;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.mistraloperator.api.testing.StartedServer;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A real API server with the project's definition of routes. */
public final class ApiServer implements AutoCloseable {
  private static final String VERSION = "1.34.4";

  private final KubeAPIServer server;
  private final KubernetesClient client;

  private ApiServer(Path directory) {
    server = StartedServer.of(directory, VERSION);
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(server.getKubeConfigYaml()))
            .build();
    installRoutes();
  }

  /** Starts one; the test is skipped where its programs are not installed. */
  public static ApiServer start() {
    Path directory = directory();
    Assumptions.assumeTrue(
        available(directory),
        () ->
            "no API server under "
                + directory
                + ": run the tests with make, or set KUBE_API_TEST_DIR");
    return new ApiServer(directory);
  }

  /** Whether its programs are here. */
  public static boolean installed() {
    return available(directory());
  }

  private static Path directory() {
    return Optional.ofNullable(System.getenv("KUBE_API_TEST_DIR"))
        .map(Path::of)
        .orElseGet(
            () -> Path.of(System.getProperty("user.home"), ".cache/mistral-operator/kubeapitest"));
  }

  private static boolean available(Path directory) {
    String arch =
        System.getProperty("os.arch").replace("aarch64", "arm64").replace("x86_64", "amd64");
    return Files.isExecutable(
        directory.resolve("k8s/" + VERSION + "-linux-" + arch + "/kube-apiserver"));
  }

  private void installRoutes() {
    try (InputStream yaml =
        ApiServer.class.getResourceAsStream(
            "/META-INF/crds/inferenceroutes.mistraloperator.io.yaml")) {
      CustomResourceDefinition definition =
          client.apiextensions().v1().customResourceDefinitions().load(yaml).item();
      client.resource(definition).serverSideApply();
      client
          .resource(definition)
          .waitUntilCondition(
              crd ->
                  crd != null
                      && crd.getStatus() != null
                      && crd.getStatus().getConditions() != null
                      && crd.getStatus().getConditions().stream()
                          .anyMatch(
                              c ->
                                  c.getType().equals("Established")
                                      && c.getStatus().equals("True")),
              30,
              TimeUnit.SECONDS);
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  public KubernetesClient client() {
    return client;
  }

  /** A kubeconfig of it. */
  public String kubeconfig() {
    return server.getKubeConfigYaml();
  }

  @Override
  public void close() {
    client.close();
    server.stop();
  }
}
