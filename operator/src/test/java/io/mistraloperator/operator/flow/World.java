package io.mistraloperator.operator.flow;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mistraloperator.api.InferenceQuota;
import io.mistraloperator.api.InferenceQuotaSpec;
import io.mistraloperator.api.InferenceQuotaStatus;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.api.InferenceRouteSpec;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralDeploymentStatus;
import io.mistraloperator.api.ServerlessEndpoint;
import io.mistraloperator.api.testing.ApiServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;

/**
 * A platform namespace, a project and a small catalogue on the API server, with what people and
 * Kubernetes' controllers would do there. There is one world at a time: an operator acts on every
 * namespace, so a new world begins with taking away what the one before left.
 */
final class World {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  final ApiServer server;
  final KubernetesClient client;
  final String platform;
  final String project;
  final Reports reports;

  World(ApiServer server) {
    this.server = server;
    this.client = server.client();
    client.resources(MistralDeployment.class).inAnyNamespace().delete();
    client.resources(ServerlessEndpoint.class).inAnyNamespace().delete();
    this.platform = server.newNamespace();
    this.project = server.newNamespace();
    this.reports = new Reports(this);
    server.kubectl().output("apply", "-f", "src/test/resources/flow/catalogue.yaml");
  }

  RunningOperator operator() {
    return RunningOperator.start(server, platform);
  }

  /** Makes a deployment of the chat model; further or other lines of its spec may be given. */
  MistralDeployment deploy(String name, String... spec) {
    return deployIn(project, name, spec);
  }

  MistralDeployment deployIn(String namespace, String name, String... spec) {
    return apply(
        MistralDeployment.class,
        namespace,
        """
        apiVersion: mistraloperator.io/v1alpha1
        kind: MistralDeployment
        metadata: {name: %s}
        spec:
          %s
        """
            .formatted(
                name,
                Stream.concat(
                        Stream.of("model: Flow-Chat", "instanceType: flow-cpu")
                            .filter(line -> Stream.of(spec).noneMatch(l -> sameField(l, line))),
                        Stream.of(spec))
                    .collect(Collectors.joining("\n  "))));
  }

  private static boolean sameField(String one, String other) {
    return one.startsWith(other.substring(0, other.indexOf(':') + 1));
  }

  ServerlessEndpoint serverless(String namespace, String name, String model, String... spec) {
    return apply(
        ServerlessEndpoint.class,
        namespace,
        """
        apiVersion: mistraloperator.io/v1alpha1
        kind: ServerlessEndpoint
        metadata: {name: %s}
        spec:
          model: %s
          %s
        """
            .formatted(name, model, String.join("\n  ", spec)));
  }

  private <T extends HasMetadata> T apply(Class<T> kind, String namespace, String yaml) {
    T object = Serialization.unmarshal(yaml, kind);
    object.getMetadata().setNamespace(namespace);
    return client.resource(object).fieldManager("people").forceConflicts().serverSideApply();
  }

  MistralDeployment deployment(String name) {
    return deployment(project, name);
  }

  /** Tells every status that a deployment gets from now on, until closed. */
  Watch statuses(String name, Consumer<MistralDeploymentStatus> told) {
    return client
        .resources(MistralDeployment.class)
        .inNamespace(project)
        .withName(name)
        .watch(
            new Watcher<>() {
              @Override
              public void eventReceived(Action action, MistralDeployment deployment) {
                told.accept(deployment.getStatus());
              }

              @Override
              public void onClose(WatcherException cause) {
                throw new IllegalStateException(cause);
              }
            });
  }

  /** All of the project. */
  List<MistralDeployment> deployments() {
    return client.resources(MistralDeployment.class).inNamespace(project).list().getItems();
  }

  MistralDeployment deployment(String namespace, String name) {
    return client.resources(MistralDeployment.class).inNamespace(namespace).withName(name).get();
  }

  /** What the platform writes: limits of families, as {@code name: cores}. */
  InferenceQuota limit(String namespace, Map<String, Integer> cores) {
    return limit(namespace, InferenceQuota.NAME, cores);
  }

  /** What the platform lends to all projects. */
  InferenceQuota share(Map<String, Integer> cores) {
    return limit(platform, InferenceQuota.SHARED, cores);
  }

  /** What all projects share. */
  InferenceQuota shared() {
    return client
        .resources(InferenceQuota.class)
        .inNamespace(platform)
        .withName(InferenceQuota.SHARED)
        .get();
  }

  InferenceQuota limit(String namespace, String name, Map<String, Integer> cores) {
    var quota = new InferenceQuota();
    quota.setMetadata(new ObjectMetaBuilder().withName(name).withNamespace(namespace).build());
    quota.setSpec(
        new InferenceQuotaSpec(
            cores.entrySet().stream()
                .map(family -> new InferenceQuotaSpec.Family(family.getKey(), family.getValue()))
                .toList()));
    return client.resource(quota).fieldManager("platform").forceConflicts().serverSideApply();
  }

  /** The quota of a project; empty when there is none. */
  Optional<InferenceQuota> quota(String namespace) {
    return Optional.ofNullable(
        client
            .resources(InferenceQuota.class)
            .inNamespace(namespace)
            .withName(InferenceQuota.NAME)
            .get());
  }

  /** Used and allowed cores as kubectl shows them. */
  String used(String namespace) {
    return quota(namespace)
        .map(InferenceQuota::getStatus)
        .map(InferenceQuotaStatus::summary)
        .orElse("");
  }

  ServerlessEndpoint endpoint(String namespace, String name) {
    return client.resources(ServerlessEndpoint.class).inNamespace(namespace).withName(name).get();
  }

  Optional<InferenceRoute> route(String name) {
    return Optional.ofNullable(
        client.resources(InferenceRoute.class).inNamespace(platform).withName(name).get());
  }

  /** The only deployment behind an endpoint. */
  InferenceRouteSpec.Deployment served(String route) {
    var served = route(route).orElseThrow().getSpec().deployments();
    if (served.size() != 1) {
      throw new AssertionError(route + " has " + served.size() + " deployments");
    }
    return served.getFirst();
  }

  Optional<Deployment> engine(String namespace, String name) {
    return Optional.ofNullable(
        client.apps().deployments().inNamespace(namespace).withName(name + "-engine").get());
  }

  Optional<Secret> keys(String namespace, String name) {
    return Optional.ofNullable(
        client.secrets().inNamespace(namespace).withName(name + "-keys").get());
  }

  static String text(Secret secret, String entry) {
    return new String(
        Base64.getDecoder().decode(secret.getData().get(entry)), StandardCharsets.UTF_8);
  }

  /** Removes what was deployed; other operators of these tests would look after it, too. */
  void clear() {
    for (String namespace : List.of(project, platform)) {
      for (var kind :
          List.of(
              ServerlessEndpoint.class,
              MistralDeployment.class,
              InferenceQuota.class,
              Deployment.class,
              EndpointSlice.class)) {
        client.resources(kind).inNamespace(namespace).delete();
      }
    }
  }

  Condition condition(MistralDeployment deployment, String type) {
    return find(
        deployment.getStatus() == null ? List.of() : deployment.getStatus().conditions(), type);
  }

  Condition condition(ServerlessEndpoint endpoint, String type) {
    return find(endpoint.getStatus() == null ? List.of() : endpoint.getStatus().conditions(), type);
  }

  private static Condition find(List<Condition> conditions, String type) {
    return conditions.stream()
        .filter(condition -> condition.getType().equals(type))
        .findFirst()
        .orElseGet(() -> new Condition("", "", 0L, "", "Unknown", type));
  }

  void untilReady(String name) {
    until(
        name + " is ready", () -> condition(deployment(name), "Ready").getStatus().equals("True"));
  }

  void until(String what, Callable<Boolean> holds) {
    patiently(what).until(holds);
  }

  /** What a thread of an operator that is just being stopped throws is no failure of the test. */
  private static ConditionFactory patiently(String what) {
    return await(what)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .dontCatchUncaughtExceptions();
  }

  void eventually(ThrowingRunnable assertion) {
    patiently("it").untilAsserted(assertion);
  }

  /** Everything that the operator made in a namespace, with what changes when it is written. */
  Map<String, String> versions(String namespace) {
    Map<String, String> versions = new java.util.TreeMap<>();
    List.of(
            client.apps().deployments().inNamespace(namespace).list().getItems(),
            client.services().inNamespace(namespace).list().getItems(),
            client.secrets().inNamespace(namespace).list().getItems(),
            client.configMaps().inNamespace(namespace).list().getItems(),
            client.network().v1().networkPolicies().inNamespace(namespace).list().getItems(),
            client.policy().v1().podDisruptionBudget().inNamespace(namespace).list().getItems(),
            client.v1().events().inNamespace(namespace).list().getItems(),
            client.resources(MistralDeployment.class).inNamespace(namespace).list().getItems(),
            client.resources(ServerlessEndpoint.class).inNamespace(namespace).list().getItems(),
            client.resources(InferenceQuota.class).inNamespace(namespace).list().getItems(),
            client.resources(InferenceRoute.class).inNamespace(namespace).list().getItems())
        .stream()
        .flatMap(List::stream)
        .forEach(
            object ->
                versions.put(
                    object.getKind() + "/" + object.getMetadata().getName(),
                    object.getMetadata().getResourceVersion()));
    return versions;
  }
}
