package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Nothing is left and nothing hangs, also where the operator dies in between. */
@RealCluster
class DeletionTest {
  private static final Duration GONE = Duration.ofSeconds(90);
  private static final String DEPLOYMENT = "gone";
  private static final String SERVERLESS = "gone-serverless";

  private final Cluster cluster;

  DeletionTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  @DisplayName(
      "D2.9 a deleted deployment and endpoint leave nothing, in the project and in the platform")
  void leavesNothing() {
    try (Project project = cluster.project("gone")) {
      Leftovers leftovers = new Leftovers(cluster, project.name());
      applyBoth(project);
      awaitBoth(project);
      assertThat(leftovers.objects()).as("what there is to leave").hasSizeGreaterThan(8);
      deleteBoth(project);
      await("nothing to be left")
          .atMost(GONE)
          .untilAsserted(() -> assertThat(leftovers.objects()).isEmpty());
    }
  }

  @Test
  @DisplayName("A deleted namespace goes, with the operator running")
  void lettingANamespaceGo() {
    Project project = cluster.project("namespace");
    Leftovers leftovers = new Leftovers(cluster, project.name());
    applyBoth(project);
    awaitBoth(project);
    project.close();
    awaitNamespaceGone(project);
    await("the routes to go").atMost(GONE).until(() -> leftovers.objects().isEmpty());
  }

  @Test
  @DisplayName("A deleted namespace goes while the operator is stopped; it sweeps when it is back")
  void lettingANamespaceGoWithoutOperator() {
    Project project = cluster.project("namespace");
    Leftovers leftovers = new Leftovers(cluster, project.name());
    applyBoth(project);
    awaitBoth(project);
    scaleOperator(0);
    try {
      project.close();
      awaitNamespaceGone(project);
      assertThat(leftovers.objects()).as("what only the operator can remove").isNotEmpty();
    } finally {
      scaleOperator(1);
    }
    await("the sweep").atMost(GONE).until(() -> leftovers.objects().isEmpty());
  }

  @RepeatedTest(3)
  @DisplayName(
      "kill -9 of the operator during create and during delete: converges, nothing orphaned")
  void survivesKills(RepetitionInfo repetition) {
    // Each repetition kills later: once the first, the fifth, the ninth child exists.
    int children = 4 * repetition.getCurrentRepetition() - 3;
    try (Project project = cluster.project("killed")) {
      Leftovers leftovers = new Leftovers(cluster, project.name());
      applyBoth(project);
      await("children")
          .pollInterval(Duration.ofMillis(20))
          .atMost(Project.START)
          .until(() -> ownedObjects(project) >= children);
      killOperator();
      awaitBoth(project);
      deleteBoth(project);
      replaceOperator();
      await("nothing to be left")
          .atMost(GONE)
          .untilAsserted(() -> assertThat(leftovers.objects()).isEmpty());
    }
  }

  private static void applyBoth(Project project) {
    project.deploy(DEPLOYMENT, "endpointName: " + project.name());
    project.apply(
        Manifests.serverless(
            SERVERLESS, Manifests.MODEL, "endpointName: " + project.name() + "-s"));
  }

  private static void awaitBoth(Project project) {
    project.awaitReady("mistraldeployment/" + DEPLOYMENT);
    project.awaitReady("serverlessendpoint/" + SERVERLESS);
  }

  private static void deleteBoth(Project project) {
    project
        .kubectl("delete", "mistraldeployment/" + DEPLOYMENT, "serverlessendpoint/" + SERVERLESS)
        .orFail();
  }

  private void awaitNamespaceGone(Project project) {
    await("the namespace to go")
        .atMost(GONE)
        .until(() -> Objects.isNull(cluster.client().namespaces().withName(project.name()).get()));
  }

  /** Objects in the project that the operator made so far. */
  private long ownedObjects(Project project) {
    var client = cluster.client();
    return List.of(
            client.apps().deployments().inNamespace(project.name()).list().getItems(),
            client.services().inNamespace(project.name()).list().getItems(),
            client.secrets().inNamespace(project.name()).list().getItems(),
            client.network().v1().networkPolicies().inNamespace(project.name()).list().getItems(),
            client
                .configMaps()
                .inNamespace(project.name())
                .withLabel("app.kubernetes.io/managed-by", "mistral-operator")
                .list()
                .getItems(),
            client.pods().inNamespace(project.name()).list().getItems())
        .stream()
        .mapToLong(List<? extends HasMetadata>::size)
        .sum();
  }

  /** The same pod starts the process again. */
  private void killOperator() {
    cluster.kill(cluster.platformPods("operator").getFirst(), "operator");
  }

  /** Takes the pod away without a word, as a lost node does; another pod follows. */
  private void replaceOperator() {
    String pod = cluster.platformPods("operator").getFirst().getMetadata().getName();
    cluster
        .kubectl()
        .run("delete", "pod", pod, "-n", Cluster.PLATFORM, "--grace-period=0", "--force")
        .orFail();
  }

  private void scaleOperator(int replicas) {
    cluster
        .kubectl()
        .run(
            "scale",
            "deployment/mistral-operator",
            "-n",
            Cluster.PLATFORM,
            "--replicas=" + replicas)
        .orFail();
    await("the operator's pods")
        .atMost(Project.START)
        .until(() -> cluster.platformPods("operator").size() == replicas);
  }
}
