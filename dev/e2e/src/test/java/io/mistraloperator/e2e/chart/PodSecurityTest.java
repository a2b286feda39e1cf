package io.mistraloperator.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Pods of the chart in a namespace that enforces Kubernetes' strictest level. */
@ExtendWith(ApiServerExtension.class)
class PodSecurityTest {
  private final ApiServer server;
  private final RenderedChart chart;

  PodSecurityTest(ApiServer server, @TempDir Path scratch) throws IOException {
    this.server = server;
    this.chart = RenderedChart.withHooks(scratch);
  }

  @Test
  @DisplayName("T-T4 pods of the chart are admitted where 'restricted' is enforced")
  void podsAreAdmitted() {
    var namespace = server.newNamespace();
    server
        .kubectl()
        .output("label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted");
    // Shows that the level is enforced at all.
    assertThat(server.kubectl().run("run", "loose", "-n", namespace, "--image=any:1"))
        .satisfies(refused -> assertThat(refused.output()).contains("violates PodSecurity"));
    pods()
        .forEach(
            pod ->
                server
                    .client()
                    .raw("/api/v1/namespaces/" + namespace + "/pods?dryRun=All", "POST", pod));
  }

  @Test
  void containersHaveBoundsAndAReadOnlyRoot() {
    assertThat(pods().flatMap(pod -> RenderedChart.each(pod.at("/spec/containers"))))
        .hasSize(3)
        .allSatisfy(
            container -> {
              assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                  .isTrue();
              assertThat(container.at("/resources/limits/memory").asText()).isNotEmpty();
              assertThat(container.at("/resources/requests/memory").asText()).isNotEmpty();
            });
  }

  @Test
  void programsThatStayHaveProbes() {
    assertThat(
            chart
                .ofKind("Deployment")
                .flatMap(each -> RenderedChart.each(each.at("/spec/template/spec/containers"))))
        .hasSize(2)
        .allSatisfy(
            container ->
                assertThat(container.fieldNames())
                    .toIterable()
                    .contains("startupProbe", "livenessProbe", "readinessProbe"));
  }

  private Stream<JsonNode> pods() {
    return Stream.of("Deployment", "Job")
        .flatMap(chart::ofKind)
        .map(
            owner -> {
              ObjectNode pod = JsonNodeFactory.instance.objectNode();
              pod.put("apiVersion", "v1").put("kind", "Pod");
              pod.putObject("metadata").put("name", RenderedChart.name(owner));
              pod.set("spec", owner.at("/spec/template/spec"));
              return pod;
            });
  }
}
