package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mistraloperator.api.EndpointStatus;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralDeploymentStatus;
import io.mistraloperator.api.ServerlessEndpoint;
import io.mistraloperator.api.ServerlessEndpointStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A namespace of one test, and what a project's people do in it. */
public final class Project implements AutoCloseable {
  /** Longest time that a tiny model may take from apply to ready. */
  public static final Duration START = Duration.ofSeconds(90);

  /** Longest time after which status tells the truth. */
  public static final Duration TRUTH = Duration.ofSeconds(30);

  private final Cluster cluster;
  private final String name;

  Project(Cluster cluster, String name) {
    this.cluster = cluster;
    this.name = name;
  }

  /** Name of the namespace. */
  public String name() {
    return name;
  }

  /** {@code kubectl apply -n project}. */
  public String apply(String manifest) {
    return cluster.kubectl().apply(manifest, "-n", name);
  }

  /** {@code kubectl} in this namespace. */
  public Kubectl.Result kubectl(String... arguments) {
    return cluster
        .kubectl()
        .run(Stream.concat(Stream.of(arguments), Stream.of("-n", name)).toArray(String[]::new));
  }

  /** What a command says in a pod of this namespace. */
  public String exec(String pod, String... command) {
    return cluster
        .kubectl()
        .run(
            Stream.concat(Stream.of("exec", "-n", name, pod, "--"), Stream.of(command))
                .toArray(String[]::new))
        .orFail();
  }

  /** Applies a deployment of the tiny model on the tiny machine type, and returns its name. */
  public String deploy(String deployment, String... specLines) {
    apply(Manifests.deployment(deployment, specLines));
    return deployment;
  }

  /** The same, and waits until it is ready. */
  public String deployReady(String deployment, String... specLines) {
    deploy(deployment, specLines);
    awaitReady("mistraldeployment/" + deployment);
    return deployment;
  }

  /** {@code kubectl wait --for=condition=Ready}. */
  public void awaitReady(String object) {
    awaitReady(object, START);
  }

  /** The same with another deadline. */
  public void awaitReady(String object, Duration deadline) {
    kubectl("wait", "--for=condition=Ready", "--timeout=" + deadline.toSeconds() + "s", object)
        .orFail();
  }

  /** The deployment as it is now. */
  public MistralDeployment deployment(String deployment) {
    return client().resources(MistralDeployment.class).inNamespace(name).withName(deployment).get();
  }

  /** The serverless endpoint as it is now. */
  public ServerlessEndpoint serverless(String endpoint) {
    return client().resources(ServerlessEndpoint.class).inNamespace(name).withName(endpoint).get();
  }

  /** Conditions of the deployment; empty before the operator has seen it. */
  public List<Condition> deploymentConditions(String deployment) {
    return Optional.ofNullable(deployment(deployment).getStatus())
        .map(MistralDeploymentStatus::conditions)
        .orElse(List.of());
  }

  /** Conditions of the serverless endpoint; empty before the operator has seen it. */
  public List<Condition> serverlessConditions(String endpoint) {
    return Optional.ofNullable(serverless(endpoint).getStatus())
        .map(ServerlessEndpointStatus::conditions)
        .orElse(List.of());
  }

  /** Waits until some condition of the deployment says all of these words, and returns it. */
  public Condition awaitCause(String deployment, String... words) {
    await(deployment + " to say " + String.join(", ", words))
        .atMost(TRUTH)
        .untilAsserted(
            () ->
                assertThat(deploymentConditions(deployment))
                    .anySatisfy(condition -> assertThat(said(condition)).contains(words)));
    return deploymentConditions(deployment).stream()
        .filter(condition -> Stream.of(words).allMatch(said(condition)::contains))
        .findFirst()
        .orElseThrow();
  }

  /** Waits until no condition of the deployment says this any more. */
  public void awaitCleared(String deployment, String word) {
    await(deployment + " to stop saying " + word)
        .atMost(START)
        .untilAsserted(
            () ->
                assertThat(deploymentConditions(deployment))
                    .isNotEmpty()
                    .noneSatisfy(condition -> assertThat(said(condition)).contains(word)));
  }

  /** A condition in one line. */
  static String said(Condition condition) {
    return condition.getType()
        + "="
        + condition.getStatus()
        + " "
        + condition.getReason()
        + ": "
        + condition.getMessage();
  }

  /** The operator has acted on the newest spec, and nothing is left to do. */
  public boolean rolledOut(String name) {
    MistralDeployment deployment = deployment(name);
    return deployment
            .getMetadata()
            .getGeneration()
            .equals(deployment.getStatus().observedGeneration())
        && deploymentConditions(name).stream()
            .noneMatch(
                condition ->
                    List.of("Progressing", "Stalled").contains(condition.getType())
                        && condition.getStatus().equals("True"));
  }

  /** Live engine pods of a deployment. */
  public List<Pod> engines(String deployment) {
    return client()
        .pods()
        .inNamespace(name)
        .withLabel("app.kubernetes.io/component", "engine")
        .withLabel("app.kubernetes.io/instance", deployment)
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  /** Uids of the live engine pods, sorted. */
  public List<String> engineUids(String deployment) {
    return engines(deployment).stream().map(pod -> pod.getMetadata().getUid()).sorted().toList();
  }

  /** Events of this namespace. */
  public List<Event> events() {
    return client().v1().events().inNamespace(name).list().getItems();
  }

  /** The key Secret of an endpoint, in lower case. */
  public Secret keySecret(String endpoint) {
    return client().secrets().inNamespace(name).withName(endpoint + "-keys").get();
  }

  /** One entry of the key Secret. */
  public String keyEntry(String endpoint, String entry) {
    return new String(
        Base64.getDecoder().decode(keySecret(endpoint).getData().get(entry)),
        StandardCharsets.UTF_8);
  }

  /** An application that calls a deployment with its primary key. */
  public Application application(String deployment) {
    return application(deployment(deployment).getStatus().endpoint());
  }

  /** An application that calls a serverless endpoint with its primary key. */
  public Application serverlessApplication(String endpoint) {
    return application(serverless(endpoint).getStatus().endpoint());
  }

  private Application application(EndpointStatus endpoint) {
    String name = endpoint.name().toLowerCase(Locale.ROOT);
    return new Application(
        cluster.endpoint(endpoint.name()), keyEntry(name, "primaryKey"), keyEntry(name, "ca.crt"));
  }

  private KubernetesClient client() {
    return cluster.client();
  }

  /** Deletes the namespace, without waiting. */
  @Override
  public void close() {
    client().namespaces().withName(name).delete();
  }
}
