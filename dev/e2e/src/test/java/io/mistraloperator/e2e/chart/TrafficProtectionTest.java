package io.mistraloperator.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import io.mistraloperator.api.testing.Kubectl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(ApiServerExtension.class)
@DisplayName("D2.8 a deployment with traffic is not deleted by mistake")
class TrafficProtectionTest {
  private final ApiServer server;
  private final String namespace;

  @TempDir private Path folder;

  TrafficProtectionTest(ApiServer server) {
    this.server = server;
    this.namespace = server.newNamespace();
  }

  @BeforeEach
  void applyPolicy() throws IOException {
    var file = folder.resolve("policy.yaml");
    var text =
        Stream.of("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding")
            .flatMap(RenderedChart.with("{}")::ofKind)
            .map(Object::toString)
            .toList();
    Files.writeString(file, String.join("\n---\n", text));
    server.kubectl().output("apply", "-f", file.toString());
    // It takes the API server a moment to take a policy in.
    deploy("probe", "traffic: 1");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(delete("probe", "--dry-run=server").output())
                    .contains("has spec.traffic"));
  }

  private void deploy(String name, String... spec) {
    try {
      var file =
          Files.writeString(
              folder.resolve(name + ".yaml"),
              """
              apiVersion: mistraloperator.io/v1alpha1
              kind: MistralDeployment
              metadata: {name: %s}
              spec:
                model: Tiny-Mistral
                instanceType: tiny-cpu
                %s
              """
                  .formatted(name, String.join("\n  ", spec)));
      server.kubectl().output("apply", "-n", namespace, "-f", file.toString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Kubectl.Result delete(String name, String... more) {
    return server
        .kubectl()
        .run(
            Stream.concat(
                    Stream.of("delete", "-n", namespace, "--wait=false", "mdep", name),
                    Stream.of(more))
                .toArray(String[]::new));
  }

  private boolean exists(String name) {
    return server
            .client()
            .resources(MistralDeployment.class)
            .inNamespace(namespace)
            .withName(name)
            .get()
        != null;
  }

  @Test
  @DisplayName("it says so, with the ways out; each of them works")
  void refusesWithTheWayOut() {
    deploy("busy", "traffic: 40");
    var refused = delete("busy");
    assertThat(refused.status()).isNotZero();
    assertThat(refused.output())
        .contains(
            "deployment busy has spec.traffic 40",
            "Set spec.traffic to 0",
            "kubectl annotate mdep busy mistraloperator.io/delete-with-traffic=true");
    assertThat(exists("busy")).isTrue();

    deploy("busy", "traffic: 0");
    assertThat(delete("busy").status()).isZero();

    deploy("marked", "traffic: 100");
    server
        .kubectl()
        .output(
            "annotate",
            "-n",
            namespace,
            "mdep",
            "marked",
            "mistraloperator.io/delete-with-traffic=true");
    assertThat(delete("marked").status()).isZero();

    deploy("plain");
    assertThat(delete("plain").status()).isZero();
  }

  @Test
  @DisplayName("namespace controller, garbage collector and operator are let through")
  void letsTheClusterThrough() {
    for (String user :
        List.of(
            "system:serviceaccount:kube-system:namespace-controller",
            "system:serviceaccount:kube-system:generic-garbage-collector")) {
      deploy("swept", "traffic: 100");
      var deleted =
          delete("swept", "--as=" + user, "--as-group=system:serviceaccounts:kube-system");
      assertThat(deleted.status()).as(user + ": " + deleted.output()).isZero();
    }
  }

  @Test
  @DisplayName("with its namespace everything goes, whoever deletes")
  void goesWithItsNamespace() {
    deploy("last", "traffic: 100");
    server.client().namespaces().withName(namespace).delete();
    var deleted = delete("last");
    assertThat(deleted.status()).as(deleted.output()).isZero();
    assertThat(exists("last")).isFalse();
  }

  @Test
  @DisplayName("the chart leaves it out where it is not wanted")
  void canBeLeftOut() {
    assertThat(
            RenderedChart.with("{trafficProtection: {enabled: false}}").objects().stream()
                .map(object -> object.get("kind").asText()))
        .noneMatch(kind -> kind.startsWith("ValidatingAdmission"));
  }
}
