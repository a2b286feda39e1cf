package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is counted of real pods, against what a bystander saw of them. */
@RealCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UsageTest {
  private final Cluster cluster;
  private Project project;

  UsageTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void enter() {
    project = cluster.project("used");
  }

  @AfterAll
  void leave() {
    project.close();
  }

  @Test
  @DisplayName(
      "T-B1 A22.3 through rollout, scaling and deletion the sum of what each pod was there")
  void countsWhatPodsWereThere() throws JsonProcessingException {
    try (var lives = new Lives()) {
      project.deployReady("used");
      String uid = project.deployment("used").getMetadata().getUid();
      project.deploy("used", "contextLength: 2048");
      await("the new version to run alone")
          .atMost(Project.START)
          .until(() -> project.rolledOut("used") && project.engines("used").size() == 1);
      project.kubectl("scale", "mistraldeployment", "used", "--replicas=2").orFail();
      await("a second one").atMost(Project.START).until(() -> lives.count() == 3);
      project.kubectl("delete", "mistraldeployment", "used").orFail();
      await("all to go").atMost(Project.START).until(lives::areOver);
      await("the ledger to say so")
          .atMost(Duration.ofSeconds(30))
          .until(() -> ledger(uid).path("running").isEmpty());
      assertThat(ledger(uid).at("/totals/tiny-cpu/seconds").asDouble())
          .isCloseTo(lives.seconds(), within(1.0 * lives.count()));
    }
  }

  private JsonNode ledger(String uid) throws JsonProcessingException {
    var map =
        cluster
            .client()
            .configMaps()
            .inNamespace(Cluster.PLATFORM)
            .withName("usage-" + project.name())
            .get();
    return new ObjectMapper().readTree(map.getData().get(uid));
  }

  /** When engine pods got a node and ended. */
  private final class Lives implements AutoCloseable {
    private final Map<String, Instant> starts = new ConcurrentHashMap<>();
    private final Map<String, Instant> ends = new ConcurrentHashMap<>();
    private final SharedIndexInformer<Pod> informer;

    private Lives() {
      informer =
          cluster
              .client()
              .pods()
              .inNamespace(project.name())
              .withLabel("app.kubernetes.io/component", "engine")
              .inform(
                  new ResourceEventHandler<>() {
                    @Override
                    public void onAdd(Pod pod) {
                      see(pod);
                    }

                    @Override
                    public void onUpdate(Pod before, Pod pod) {
                      see(pod);
                    }

                    @Override
                    public void onDelete(Pod pod, boolean unknown) {
                      see(pod);
                      ends.putIfAbsent(pod.getMetadata().getUid(), Instant.now());
                    }
                  });
    }

    private void see(Pod pod) {
      String uid = pod.getMetadata().getUid();
      pod.getStatus().getConditions().stream()
          .filter(condition -> condition.getType().equals("PodScheduled"))
          .filter(condition -> condition.getStatus().equals("True"))
          .map(PodCondition::getLastTransitionTime)
          .forEach(time -> starts.put(uid, Instant.parse(time)));
      if (pod.isMarkedForDeletion()) {
        finished(pod).ifPresent(time -> ends.put(uid, time));
      }
    }

    private static Optional<Instant> finished(Pod pod) {
      var states =
          pod.getStatus().getContainerStatuses().stream()
              .map(status -> status.getState().getTerminated())
              .toList();
      return states.contains(null)
          ? Optional.empty()
          : states.stream()
              .map(ContainerStateTerminated::getFinishedAt)
              .filter(Objects::nonNull)
              .map(Instant::parse)
              .max(Comparator.naturalOrder());
    }

    int count() {
      return starts.size();
    }

    boolean areOver() {
      return ends.keySet().containsAll(starts.keySet());
    }

    double seconds() {
      return starts.entrySet().stream()
          .mapToDouble(
              start ->
                  Duration.between(start.getValue(), ends.get(start.getKey())).toMillis() / 1000.0)
          .sum();
    }

    @Override
    public void close() {
      informer.close();
    }
  }
}
