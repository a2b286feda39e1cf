package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.api.MistralDeployment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A platform that nobody touches. */
@RealCluster
class IdleTest {
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private final Cluster cluster;

  IdleTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  @DisplayName("T-S8 a minute idle: no spec write, no status write, no event, no write call at all")
  void staysSilent() {
    try (Project project = cluster.project("idle")) {
      project.deploy("still");
      project.apply(Manifests.serverless("still-serverless", Manifests.MODEL));
      project.awaitReady("mistraldeployment/still");
      project.awaitReady("serverlessendpoint/still-serverless");
      var deployment = project.deployment("still");
      assertThat(deployment.getStatus().observedGeneration())
          .isEqualTo(deployment.getMetadata().getGeneration());
      settle(project);
      Map<String, String> versions = versions(project);
      long writes = writesToOwnKinds();
      assertThat(versions).hasSizeGreaterThan(8);
      await("silence")
          .during(SILENCE)
          .atMost(SILENCE.plusSeconds(10))
          .pollInterval(Duration.ofSeconds(5))
          .untilAsserted(() -> assertThat(versions(project)).isEqualTo(versions));
      assertThat(writesToOwnKinds()).as("writes to our kinds").isEqualTo(writes);
    }
  }

  /** Pods have just become ready: lets the last of their events arrive. */
  private void settle(Project project) {
    Map<String, String> last = new TreeMap<>();
    await("the last change")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofSeconds(3))
        .until(
            () -> {
              Map<String, String> now = versions(project);
              boolean same = now.equals(last);
              last.clear();
              last.putAll(now);
              return same;
            });
  }

  /** Resource versions of the project's objects and of what the platform holds for it. */
  private Map<String, String> versions(Project project) {
    var client = cluster.client();
    String namespace = project.name();
    Map<String, String> versions = new TreeMap<>();
    Stream.<List<? extends HasMetadata>>of(
            List.of(project.deployment("still"), project.serverless("still-serverless")),
            client.apps().deployments().inNamespace(namespace).list().getItems(),
            client.services().inNamespace(namespace).list().getItems(),
            client.secrets().inNamespace(namespace).list().getItems(),
            client.configMaps().inNamespace(namespace).list().getItems(),
            client.network().v1().networkPolicies().inNamespace(namespace).list().getItems(),
            client.v1().events().inNamespace(namespace).list().getItems(),
            client.resources(InferenceRoute.class).inNamespace(Cluster.PLATFORM).list().getItems(),
            client
                .resources(MistralDeployment.class)
                .inNamespace(Cluster.PLATFORM)
                .list()
                .getItems(),
            client.resources(Deployment.class).inNamespace(Cluster.PLATFORM).list().getItems(),
            client.secrets().inNamespace(Cluster.PLATFORM).list().getItems())
        .flatMap(List::stream)
        .forEach(
            object ->
                versions.put(
                    object.getKind()
                        + "/"
                        + object.getMetadata().getNamespace()
                        + "/"
                        + object.getMetadata().getName(),
                    object.getMetadata().getResourceVersion()));
    return versions;
  }

  /** Calls that the API server got, but reads, for kinds of our group. */
  private long writesToOwnKinds() {
    return cluster
        .kubectl()
        .run("get", "--raw", "/metrics")
        .orFail()
        .lines()
        .filter(line -> line.startsWith("apiserver_request_total{"))
        .filter(line -> line.contains("group=\"mistraloperator.io\""))
        .filter(
            line ->
                Stream.of("GET", "LIST", "WATCH")
                    .noneMatch(verb -> line.contains("verb=\"" + verb + "\"")))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
