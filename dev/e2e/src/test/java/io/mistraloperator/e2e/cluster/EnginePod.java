package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What one running engine says of itself, and its kernel of its connections. */
public final class EnginePod {
  private static final List<String> RUNNING =
      List.of("llamacpp:requests_processing", "vllm:num_requests_running");
  private static final List<String> TOKENS =
      List.of("llamacpp:tokens_predicted_total", "vllm:generation_tokens_total");

  /** State of a connection in {@code /proc/net/tcp}: ESTABLISHED. */
  private static final String OPEN = "01";

  private static final String CONTAINER = "engine";

  private final Cluster cluster;
  private final Project project;
  private final Pod pod;

  private EnginePod(Cluster cluster, Project project, Pod pod) {
    this.cluster = cluster;
    this.project = project;
    this.pod = pod;
  }

  /** The engine of a deployment of one instance. */
  public static EnginePod of(Cluster cluster, Project project, String deployment) {
    List<Pod> pods = project.engines(deployment);
    assertThat(pods).as("engines of %s", deployment).hasSize(1);
    return new EnginePod(cluster, project, pods.getFirst());
  }

  /** Tokens that it has written since it started. */
  public double tokens() {
    return counter(TOKENS);
  }

  /** Waits until no request runs in it. */
  public void awaitRest() {
    await("the engine to rest").atMost(Project.TRUTH).until(() -> counter(RUNNING) == 0);
  }

  /** Waits until the gateway has an open connection to it, or has none. */
  public void awaitConnected(boolean wanted) {
    await(wanted ? "the gateway's connection" : "the end of the gateway's connections")
        .atMost(Project.TRUTH)
        .until(() -> connected() == wanted);
  }

  /**
   * Stops those of its processes whose command line holds this text, until it is told to resume.
   */
  public void freeze(String commandLine) {
    cluster.signalProcesses(pod, CONTAINER, "STOP", commandLine);
  }

  /** Undoes {@link #freeze}. */
  public void resume(String commandLine) {
    cluster.signalProcesses(pod, CONTAINER, "CONT", commandLine);
  }

  /** The sum of whichever of these metrics the engine has. */
  private double counter(List<String> names) {
    List<String> found =
        shell("curl -fsS http://127.0.0.1:$ENGINE_PORT/metrics")
            .lines()
            .filter(line -> names.stream().anyMatch(name -> line.matches(name + "[ {].*")))
            .toList();
    assertThat(found).as("metrics %s", names).isNotEmpty();
    return found.stream()
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private boolean connected() {
    Set<String> gateways =
        cluster.platformPods("gateway").stream()
            .map(gateway -> kernelForm(gateway.getStatus().getPodIP()))
            .collect(Collectors.toSet());
    return shell("cat /proc/net/tcp")
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .anyMatch(
            columns -> columns[3].equals(OPEN) && gateways.contains(columns[2].split(":")[0]));
  }

  /** An IPv4 address as {@code /proc/net/tcp} has it on little-endian machines. */
  private static String kernelForm(String address) {
    return Arrays.stream(address.split("\\."))
        .map(part -> "%02X".formatted(Integer.parseInt(part)))
        .reduce("", (rest, part) -> part + rest);
  }

  private String shell(String command) {
    return project.exec(pod.getMetadata().getName(), "sh", "-c", command);
  }
}
