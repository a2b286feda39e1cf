package io.mistraloperator.operator.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mistraloperator.api.InstanceType;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import io.mistraloperator.api.testing.Kinds;
import io.mistraloperator.operator.definitions.DefinitionUpgrade;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What only the packaged program shows: wiring, metrics, health, election, ends. */
@ExtendWith(ApiServerExtension.class)
class OperatorProcessIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private ApiServer server;
  private KubernetesClient client;
  private String platform;
  private String project;

  @BeforeEach
  void startServer() {
    server = ApiServer.withoutDefinitions();
    client = server.client();
    new DefinitionUpgrade(client, Duration.ofSeconds(30)).run();
    platform = server.newNamespace();
    project = server.newNamespace();
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  @DisplayName("An object that this version cannot read stops neither the start nor the others")
  void livesWithAnUnreadableObject() {
    allowEveryEngine();
    deployment("unreadable", "Quantum");
    try (var operator = OperatorProcess.start(server.kubeconfig(), platform)) {
      ready(operator);
      deployment("readable", "Auto");
      until(operator, "a status of the other", () -> hasStatus("readable"));
      deployment("later", "Warp");
      deployment("another", "Auto");
      until(operator, "a status beside it", () -> hasStatus("another"));
      assertThat(operator.status("/q/health/live")).isEqualTo(200);
      assertThat(operator.status("/q/health/ready")).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("A definition that is served only after the start is waited for")
  void waitsForDefinitions() {
    server.close();
    server = ApiServer.withoutDefinitions();
    client = server.client();
    Kinds.ALL.stream()
        .filter(kind -> kind != InstanceType.class)
        .map(HasMetadata::getFullResourceName)
        .map(name -> getClass().getResourceAsStream("/META-INF/crds/" + name + ".yaml"))
        .forEach(
            file -> client.apiextensions().v1().customResourceDefinitions().load(file).create());
    platform = server.newNamespace();
    project = server.newNamespace();
    try (var operator = OperatorProcess.start(server.kubeconfig(), platform)) {
      until(operator, "a try", () -> operator.log().contains("v1alpha1/instancetypes"));
      new DefinitionUpgrade(client, Duration.ofSeconds(30)).run();
      ready(operator);
      deployment("late", "Auto");
      until(operator, "a status", () -> hasStatus("late"));
    }
  }

  @Test
  @DisplayName("The framework's metrics are visible where Prometheus reads them")
  void showsMetrics() {
    try (var operator = OperatorProcess.start(server.kubeconfig(), platform)) {
      ready(operator);
      deployment("counted", "Auto");
      // The status is written within the pass that is counted at its end.
      until(
          operator,
          "a counted pass",
          () -> operator.get("/q/metrics").contains("reconciliations_success_total"));
      String metrics = operator.get("/q/metrics");
      for (String name :
          new String[] {
            "reconciliations_started_total",
            "reconciliations_success_total",
            "reconciliations_active",
            "reconciliations_queue",
            "custom_resources",
            "events_received_total",
            "reconciliations_execution_duration_seconds"
          }) {
        assertThat(metrics).contains(name);
      }
      assertThat(metrics).contains("controller_name=\"mistraldeployment\"");
      assertThat(metrics.lines())
          .as("series of the framework that would stay when the object has gone")
          .filteredOn(line -> !line.startsWith("mistral_"))
          .noneMatch(line -> line.contains("counted"));
    }
  }

  @Test
  @DisplayName("T-T5 losing the lease ends the process, and it writes nothing any more")
  void leavesWhenTheLeaseIsLost() {
    try (var operator = OperatorProcess.start(server.kubeconfig(), platform)) {
      ready(operator);
      deployment("led", "Auto");
      until(operator, "a status", () -> hasStatus("led"));
      client
          .leases()
          .inNamespace(platform)
          .withName("mistral-operator")
          .edit(
              lease -> {
                lease.getSpec().setHolderIdentity("thief");
                lease.getSpec().setLeaseDurationSeconds(3600);
                return lease;
              });
      await("the end").atMost(PATIENCE).until(() -> !operator.isAlive());
      assertThat(operator.exitStatus()).as(operator.log()).isEqualTo(1);
      assertThat(
              client
                  .leases()
                  .inNamespace(platform)
                  .withName("mistral-operator")
                  .get()
                  .getSpec()
                  .getHolderIdentity())
          .isEqualTo("thief");
    }
  }

  @Test
  @DisplayName("SIGTERM ends the leader within seconds")
  void endsWhenItIsTold() {
    try (var operator = OperatorProcess.start(server.kubeconfig(), platform)) {
      ready(operator);
      deployment("led", "Auto");
      until(operator, "a status", () -> hasStatus("led"));
      operator.terminate();
      await("the end").atMost(Duration.ofSeconds(20)).until(() -> !operator.isAlive());
      assertThat(operator.exitStatus()).as(operator.log()).isEqualTo(143);
    }
  }

  private static void ready(OperatorProcess operator) {
    until(operator, "readiness", () -> operator.status("/q/health/ready") == 200);
  }

  private static void until(OperatorProcess operator, String what, Callable<Boolean> holds) {
    await(what)
        .atMost(PATIENCE)
        .failFast(() -> assertThat(operator.isAlive()).as(operator::log).isTrue())
        .until(holds);
  }

  private boolean hasStatus(String name) {
    var deployment =
        client.resources(MistralDeployment.class).inNamespace(project).withName(name).get();
    return deployment.getStatus() != null;
  }

  private void deployment(String name, String engine) {
    client
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: mistraloperator.io/v1alpha1
                kind: MistralDeployment
                metadata: {name: %s, namespace: %s}
                spec: {model: any, instanceType: any, engine: %s}
                """
                    .formatted(name, project, engine),
                GenericKubernetesResource.class))
        .create();
  }

  /** As a newer version of the definitions might. */
  private void allowEveryEngine() {
    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("mistraldeployments.mistraloperator.io")
        .edit(OperatorProcessIT::withoutEngines);
    await("the wider definition").atMost(PATIENCE).until(() -> isTaken("probe", "Quantum"));
  }

  private boolean isTaken(String name, String engine) {
    try {
      deployment(name, engine);
      return true;
    } catch (KubernetesClientException e) {
      return false;
    }
  }

  private static CustomResourceDefinition withoutEngines(CustomResourceDefinition definition) {
    definition
        .getSpec()
        .getVersions()
        .getFirst()
        .getSchema()
        .getOpenAPIV3Schema()
        .getProperties()
        .get("spec")
        .getProperties()
        .get("engine")
        .setEnum(null);
    return definition;
  }
}
