package io.mistraloperator.e2e.cluster;

import io.mistraloperator.api.InferenceRoute;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a project left behind, of every kind that the cluster knows. */
final class Leftovers {
  /** What Kubernetes itself puts into every namespace; events tell of what is gone. */
  private static final List<String> NATIVE =
      List.of("serviceaccount/default", "configmap/kube-root-ca.crt", "event");

  private final Cluster cluster;
  private final String project;
  private final String namespacedKinds;
  private final String allKinds;

  Leftovers(Cluster cluster, String project) {
    this.cluster = cluster;
    this.project = project;
    this.namespacedKinds = kinds("--namespaced=true");
    this.allKinds = kinds();
  }

  /**
   * Objects in the project's namespace, and objects anywhere that are labelled as the project's.
   */
  List<String> objects() {
    String label = "mistraloperator.io/namespace=" + project;
    Stream<String> inside =
        cluster
            .kubectl()
            .run("get", namespacedKinds, "-n", project, "-o", "name", "--ignore-not-found")
            .orFail()
            .lines();
    Stream<String> labelled =
        cluster
            .kubectl()
            .run("get", allKinds, "-A", "-l", label, "-o", "name", "--ignore-not-found")
            .orFail()
            .lines();
    return Stream.of(inside, labelled, routes())
        .flatMap(lines -> lines)
        .filter(name -> NATIVE.stream().noneMatch(name::startsWith))
        .distinct()
        .toList();
  }

  private Stream<String> routes() {
    return cluster
        .client()
        .resources(InferenceRoute.class)
        .inNamespace(Cluster.PLATFORM)
        .list()
        .getItems()
        .stream()
        .filter(route -> route.getSpec().owner().namespace().equals(project))
        .map(route -> "inferenceroute/" + route.getMetadata().getName());
  }

  private String kinds(String... filter) {
    String[] command =
        Stream.concat(Stream.of("api-resources", "--verbs=list", "-o", "name"), Stream.of(filter))
            .toArray(String[]::new);
    return cluster
        .kubectl()
        .run(command)
        .orFail()
        .lines()
        .filter(kind -> !kind.startsWith("componentstatuses"))
        .collect(Collectors.joining(","));
  }
}
