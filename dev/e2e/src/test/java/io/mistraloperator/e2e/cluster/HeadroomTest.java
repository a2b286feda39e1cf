package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** New versions, drains and changes of size, with room for an instance more and without. */
@RealCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HeadroomTest {
  /** Calls a second. */
  private static final int RATE = 20;

  private static final List<Integer> SIZES = List.of(3, 2, 3, 1, 2, 1, 3, 2, 1, 2);

  private final Cluster cluster;
  private Project project;

  HeadroomTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void enter() {
    project = cluster.project("headroom");
  }

  @AfterAll
  void leave() {
    project.close();
  }

  @Test
  @DisplayName(
      "T-U1 no node has room for one more: the downtime is told, the old one goes, the new one comes")
  void replacesWithoutRoom() {
    BigDecimal memory =
        cluster.client().nodes().list().getItems().stream()
            .map(Node::getStatus)
            .map(status -> status.getAllocatable().get("memory"))
            .map(Quantity::getNumericalAmount)
            .max(BigDecimal::compareTo)
            .orElseThrow();
    long mebibytes = memory.longValue() / 100 * 55 / 1024 / 1024;
    cluster
        .kubectl()
        .apply(
            Manifests.instanceType(
                "e2e-half",
                "e2e-half",
                "cores: 1",
                "cpuRequest: 50m",
                "memory: " + mebibytes + "Mi"));
    project.deployReady("tight", "instanceType: e2e-half");
    List<String> before = project.engineUids("tight");
    project.deploy("tight", "instanceType: e2e-half", "contextLength: 2048");
    await("the new version to serve alone")
        .atMost(Project.START)
        .until(
            () ->
                project.rolledOut("tight")
                    && project.engines("tight").size() == 1
                    && !project.engineUids("tight").equals(before));
    assertThat(project.events())
        .filteredOn(event -> event.getInvolvedObject().getName().equals("tight"))
        .filteredOn(event -> event.getReason().equals("RolloutPlanned"))
        .extracting(Event::getMessage)
        .hasSize(2)
        .anySatisfy(message -> assertThat(message).contains("one more instance starts"))
        .anySatisfy(
            message ->
                assertThat(message).contains("Insufficient memory", "nothing answers for up to"));
    assertThat(project.deployment("tight").getStatus().rollout()).isNull();
    project.kubectl("delete", "mistraldeployment", "tight").orFail();
  }

  @Test
  @DisplayName(
      "T-Q6, T-U1 a ResourceQuota that is used up: no surge, the plan says so, and the new version comes")
  void replacesWithinANamespacesQuota() {
    try (Project bounded = cluster.project("bounded")) {
      bounded.apply(
          """
          apiVersion: v1
          kind: ResourceQuota
          metadata: {name: native}
          spec: {hard: {pods: "1"}}
          """);
      bounded.deployReady("full");
      List<String> before = bounded.engineUids("full");
      bounded.deploy("full", "contextLength: 2048");
      await("the new version to serve alone")
          .atMost(Project.START)
          .until(() -> bounded.rolledOut("full") && !bounded.engineUids("full").equals(before));
      assertThat(bounded.engines("full")).hasSize(1);
      assertThat(bounded.deployment("full").getStatus().plan().contextLength()).isEqualTo(2048);
      assertThat(bounded.events())
          .filteredOn(event -> event.getReason().equals("RolloutPlanned"))
          .filteredOn(event -> event.getType().equals("Warning"))
          .singleElement()
          .satisfies(
              event ->
                  assertThat(event.getMessage())
                      .contains("exceeded quota: native", "pods=1", "nothing answers for up to"));
    }
  }

  @Test
  @DisplayName(
      "T-U2, T-U3 20 calls a second and streams through a rollout, a drain and ten changes of size: none fails")
  void losesNothingWithHeadroom() {
    project.deployReady("roomy", "instances: 2");
    Application application = project.application("roomy");
    try (var calls = new RequestLoop(application, RATE);
        var streams = new StreamLoop(application)) {
      List<String> old = project.engineUids("roomy");
      project.deploy("roomy", "instances: 2", "contextLength: 2048");
      await("the new version to run alone")
          .atMost(Project.START)
          .until(
              () ->
                  project.rolledOut("roomy")
                      && project.engineUids("roomy").size() == 2
                      && project.engineUids("roomy").stream().noneMatch(old::contains));
      String drained = project.engines("roomy").getFirst().getMetadata().getName();
      cluster.client().pods().inNamespace(project.name()).withName(drained).evict();
      await("another instance in place of the drained one")
          .atMost(Project.START)
          .until(
              () ->
                  project.rolledOut("roomy")
                      && instances("roomy").equals("2/2")
                      && project.engines("roomy").stream()
                          .noneMatch(pod -> pod.getMetadata().getName().equals(drained)));
      for (int size : SIZES) {
        project.kubectl("scale", "mistraldeployment/roomy", "--replicas=" + size).orFail();
        await(size + " instances")
            .atMost(Project.START)
            .until(() -> instances("roomy").equals(size + "/" + size));
      }
      int ended = streams.ended();
      await("one more stream").atMost(Project.START).until(() -> streams.ended() > ended);
      calls.assertUninterrupted();
      assertThat(calls.answeredPerSecond()).isGreaterThan(0.9 * RATE);
      streams.assertUninterrupted();
    }
  }

  private String instances(String name) {
    var instances = project.deployment(name).getStatus().instances();
    return instances == null ? "" : instances.summary();
  }
}
