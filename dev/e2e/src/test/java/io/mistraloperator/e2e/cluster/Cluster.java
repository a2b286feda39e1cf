package io.mistraloperator.e2e.cluster;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.testcontainers.containers.Container.ExecResult;

/** A running Kubernetes with the product installed. */
public final class Cluster implements AutoCloseable {
  /** Namespace of operator, gateway and pools. */
  public static final String PLATFORM = "mistral-system";

  private final Node node;
  private final KubernetesClient client;
  private final Kubectl kubectl;
  private final Recorder recorder;
  private final Chart chart;
  private final AtomicInteger projects = new AtomicInteger();

  private Cluster(Node node) {
    this.node = node;
    this.client =
        new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(node.kubeconfig())).build();
    this.kubectl = new Kubectl(node);
    this.recorder = new Recorder(client);
    this.chart = new Chart(node.kubeconfig());
  }

  /** Why there is no cluster here, or empty. */
  static Optional<String> missing() {
    return Node.missing()
        .or(
            () ->
                Images.PRODUCT.stream().flatMap(image -> Node.missing(image).stream()).findFirst());
  }

  /** Starts a node, gives it the images and installs the chart. */
  static Cluster start() {
    // A connection that a busy API server drops while a condition is awaited: asked again.
    Awaitility.ignoreExceptionByDefault(KubernetesClientException.class);
    Node node = Node.start();
    try {
      var cluster = new Cluster(node);
      Images.PRODUCT.forEach(node::load);
      cluster.install();
      return cluster;
    } catch (RuntimeException failed) {
      Dump.write(Dump.FOLDER, "node.log", node.log());
      node.close();
      throw failed;
    }
  }

  private void install() {
    // The strictest level of Pod Security for all that the platform runs (T-T4).
    createNamespace(PLATFORM, "restricted");
    recorder.recordBuiltIn();
    try {
      chart.install();
    } catch (RuntimeException failed) {
      new Dump(this).writeTo(Dump.FOLDER.resolve("install"));
      throw failed;
    }
    recorder.recordOwnKinds();
  }

  /** Client with all rights. */
  public KubernetesClient client() {
    return client;
  }

  /** The node's kubectl, with all rights. */
  public Kubectl kubectl() {
    return kubectl;
  }

  /** The installed release. */
  public Chart chart() {
    return chart;
  }

  /** Everything seen since the start. */
  public Recorder recorder() {
    return recorder;
  }

  /** The machine under the cluster. */
  Node node() {
    return node;
  }

  /** A new project: a namespace with baseline Pod Security, removed by {@link Project#close}. */
  public Project project(String purpose) {
    String name = purpose + "-" + projects.incrementAndGet();
    createNamespace(name, "baseline");
    return new Project(this, name);
  }

  /** Base URL of an endpoint in path form, as this machine reaches it. */
  public URI endpoint(String endpointName) {
    return URI.create("https://localhost:" + gatewayPort() + "/endpoints/" + endpointName);
  }

  /** Port of this machine that leads to the gateway's HTTPS listener. */
  public int gatewayPort() {
    return node.gatewayPort();
  }

  /** Why this image cannot be loaded, or empty. */
  public static Optional<String> missing(String image) {
    return Node.missing(image);
  }

  /** Makes a local image usable by pods. */
  public void load(String image) {
    node.load(image);
  }

  /** Gives an image that pods can use a second name. */
  public void tag(String image, String other) {
    node.tag(image, other);
  }

  /**
   * Has the node offer devices that it does not have, so that the scheduler counts with them.
   *
   * @param resource name of an extended resource
   */
  public void pretendDevices(String resource, int count) {
    var devices = new Quantity(Integer.toString(count));
    String name = client.nodes().list().getItems().getFirst().getMetadata().getName();
    client
        .nodes()
        .withName(name)
        .editStatus(
            now -> {
              now.getStatus().getCapacity().put(resource, devices);
              now.getStatus().getAllocatable().put(resource, devices);
              return now;
            });
  }

  /** Live pods of the platform by component: operator or gateway. */
  public List<Pod> platformPods(String component) {
    return client
        .pods()
        .inNamespace(PLATFORM)
        .withLabel("app.kubernetes.io/component", component)
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  /** Metrics of the live pods of a component, by the name of the pod. */
  public Map<String, String> metrics(String component) {
    String port = component.equals("operator") ? "8080" : "9000";
    Map<String, String> metrics = new TreeMap<>();
    for (Pod pod : platformPods(component)) {
      String name = pod.getMetadata().getName();
      String path =
          "/api/v1/namespaces/%s/pods/%s:%s/proxy/q/metrics".formatted(PLATFORM, name, port);
      metrics.put(name, kubectl.run("get", "--raw", path).orFail());
    }
    return metrics;
  }

  /** Kills a container's process at once, as a lost node or the kernel would. */
  public void kill(Pod pod, String container) {
    var result =
        node.exec(
            "ctr", "-n", "k8s.io", "tasks", "kill", "-s", "SIGKILL", containerId(pod, container));
    if (result.getExitCode() != 0) {
      throw new AssertionError(result.getStderr());
    }
  }

  /** Resident memory of a container's first process, read on the node. */
  long residentBytes(Pod pod, String container) {
    var result = onProcesses(pod, container, "awk '/VmRSS/ { print $2 }' $p/status; exit");
    return Long.parseLong(result.getStdout().strip()) * 1024;
  }

  /** Kills every process of a container whose command line holds this text. */
  public void killProcesses(Pod pod, String container, String commandLine) {
    signalProcesses(pod, container, "KILL", commandLine);
  }

  /** Sends a signal to every process of a container whose command line holds this text. */
  void signalProcesses(Pod pod, String container, String signal, String commandLine) {
    var result =
        onProcesses(
            pod,
            container,
            "tr '\\0' ' ' <$p/cmdline | grep -q \"$2\" && kill -\"$3\" ${p#/proc/} && echo sent",
            commandLine,
            signal);
    if (!result.getStdout().contains("sent")) {
      throw new AssertionError("no process of " + container + " is " + commandLine);
    }
  }

  /** Runs a command of the node's shell for each process of a container, with its folder in p. */
  private ExecResult onProcesses(Pod pod, String container, String command, String... arguments) {
    String loop =
        "for p in /proc/[0-9]*; do if grep -q \"$1\" $p/cgroup 2>/dev/null; then "
            + command
            + "; fi; done; true";
    return node.exec(
        Stream.concat(
                Stream.of("sh", "-c", loop, "sh", containerId(pod, container)),
                Stream.of(arguments))
            .toArray(String[]::new));
  }

  private static String containerId(Pod pod, String container) {
    return pod.getStatus().getContainerStatuses().stream()
        .filter(status -> status.getName().equals(container))
        .map(status -> status.getContainerID().replaceFirst(".*//", ""))
        .findFirst()
        .orElseThrow();
  }

  private void createNamespace(String name, String podSecurity) {
    client
        .namespaces()
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("pod-security.kubernetes.io/enforce", podSecurity)
                .endMetadata()
                .build())
        .create();
  }

  @Override
  public void close() {
    recorder.close();
    client.close();
    node.close();
  }
}
