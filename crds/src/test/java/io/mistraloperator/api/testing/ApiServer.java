package io.mistraloperator.api.testing;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.mistraloperator.api.Api;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real Kubernetes API server with etcd and this project's definitions, and nothing else: no
 * controller runs, so namespaces are never emptied and no owner is honoured. Tests get it from
 * {@link ApiServerExtension}.
 */
public final class ApiServer implements AutoCloseable {
  private final ServerBinaries binaries;
  private final KubeAPIServer server;
  private final Path kubeconfig;
  private final KubernetesClient client;
  private final AtomicInteger namespaces = new AtomicInteger();

  private ApiServer(
      ServerBinaries binaries, KubeAPIServer server, Path kubeconfig, KubernetesClient client) {
    this.binaries = binaries;
    this.server = server;
    this.kubeconfig = kubeconfig;
    this.client = client;
  }

  /** Starts a server, which takes about four seconds, and applies the definitions. */
  static ApiServer withDefinitions() {
    var server = withoutDefinitions();
    server.applyDefinitions();
    return server;
  }

  /**
   * Starts a server that knows none of this project's kinds; the caller closes it.
   *
   * @throws java.util.NoSuchElementException where the binaries are missing
   */
  public static ApiServer withoutDefinitions() {
    var binaries = ServerBinaries.find().orElseThrow();
    var server = StartedServer.of(binaries.directory(), binaries.version());
    try {
      var kubeconfig = Files.createTempFile("kubeconfig", ".yaml");
      kubeconfig.toFile().deleteOnExit();
      Files.writeString(kubeconfig, server.getKubeConfigYaml());
      var client =
          new KubernetesClientBuilder()
              .withConfig(Config.fromKubeconfig(server.getKubeConfigYaml()))
              .build();
      return new ApiServer(binaries, server, kubeconfig, client);
    } catch (IOException e) {
      server.stop();
      throw new UncheckedIOException(e);
    }
  }

  private void applyDefinitions() {
    var definitions = client.apiextensions().v1().customResourceDefinitions();
    for (var kind : Kinds.ALL) {
      var name = HasMetadata.getFullResourceName(kind);
      definitions
          .load(ApiServer.class.getResourceAsStream("/META-INF/crds/" + name + ".yaml"))
          .forceConflicts()
          .serverSideApply();
      definitions.withName(name).waitUntilCondition(ApiServer::established, 30, TimeUnit.SECONDS);
    }
  }

  private static boolean established(CustomResourceDefinition definition) {
    return definition != null
        && definition.getStatus() != null
        && definition.getStatus().getConditions() != null
        && definition.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Established") && c.getStatus().equals("True"));
  }

  /** A client with all rights. */
  public KubernetesClient client() {
    return client;
  }

  /** A kubeconfig file with all rights. */
  public Path kubeconfig() {
    return kubeconfig;
  }

  /** Makes a namespace that no other test has and gives its name. */
  public String newNamespace() {
    var name = "test-" + namespaces.incrementAndGet();
    client
        .namespaces()
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    return name;
  }

  /** Runs kubectl with all rights. */
  public Kubectl kubectl() {
    return new Kubectl(binaries.kubectl(), kubeconfig);
  }

  /** Path of a kind's objects, for instance to post YAML as it is. */
  public static String collection(Class<? extends HasMetadata> kind, String namespace) {
    var base = "/apis/" + Api.GROUP + "/" + Api.VERSION;
    var plural = HasMetadata.getPlural(kind);
    return Namespaced.class.isAssignableFrom(kind)
        ? base + "/namespaces/" + namespace + "/" + plural
        : base + "/" + plural;
  }

  @Override
  public void close() {
    client.close();
    server.stop();
  }
}
