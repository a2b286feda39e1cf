package io.mistraloperator.e2e.cluster;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Everything that explains a failed test, as files. */
final class Dump {
  /** Where failed tests leave what they saw. */
  static final Path FOLDER = Path.of("target", "cluster-logs");

  private static final String KINDS =
      "mistraldeployments,serverlessendpoints,inferencequotas,mistralmodels,instancetypes,inferenceroutes";

  private final Cluster cluster;

  Dump(Cluster cluster) {
    this.cluster = cluster;
  }

  void writeTo(Path folder) {
    write(
        folder,
        "overview.txt",
        kubectl("get", "all,pvc,pdb,networkpolicy,endpointslices", "-A", "-o", "wide"));
    write(folder, "objects.yaml", kubectl("get", KINDS, "-A", "-o", "yaml"));
    write(
        folder, "described.txt", kubectl("describe", "pods,deployments,services,pvc,nodes", "-A"));
    write(folder, "events.txt", kubectl("get", "events", "-A", "--sort-by=.lastTimestamp"));
    write(folder, "node.log", cluster.node().log());
    cluster.client().pods().inAnyNamespace().list().getItems().forEach(pod -> logs(folder, pod));
  }

  private void logs(Path folder, Pod pod) {
    String namespace = pod.getMetadata().getNamespace();
    String name = pod.getMetadata().getName();
    Stream.of(pod.getStatus().getInitContainerStatuses(), pod.getStatus().getContainerStatuses())
        .flatMap(List::stream)
        .forEach(
            container -> {
              String file = namespace + "." + name + "." + container.getName();
              String[] log = {"logs", "-n", namespace, name, "-c", container.getName()};
              write(folder, file + ".log", kubectl(log));
              if (restarted(container)) {
                String[] previous =
                    Stream.concat(Stream.of(log), Stream.of("--previous")).toArray(String[]::new);
                write(folder, file + ".previous.log", kubectl(previous));
              }
            });
  }

  private static boolean restarted(ContainerStatus container) {
    return container.getRestartCount() != null && container.getRestartCount() > 0;
  }

  private String kubectl(String... arguments) {
    return cluster.kubectl().run(arguments).all();
  }

  static void write(Path folder, String file, String text) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(file), text);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
