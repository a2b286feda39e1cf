package io.mistraloperator.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import io.mistraloperator.api.testing.Kubectl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what. */
@ExtendWith(ApiServerExtension.class)
class RightsTest {
  private static final String OPERATOR = "system:serviceaccount:mistral-system:mistral-operator";
  private static final String GATEWAY = "system:serviceaccount:mistral-system:mistral-gateway";
  private static final String TENANT = "tina";

  /** The framework asks for it at start and then patches. */
  private static final Grant ASKED_FOR = Grant.parse("update coordination.k8s.io/leases platform");

  private final ApiServer server;
  private final RenderedChart chart = RenderedChart.with("{}");

  RightsTest(ApiServer server) {
    this.server = server;
  }

  @Test
  @DisplayName("What the operator calls is what the chart grants, no less and no more")
  void grantedIsWhatIsCalled() throws IOException {
    var calls = calls("operator");
    var grants = Grant.of(chart, "mistral-operator");
    assertThat(calls.stream().filter(call -> grants.stream().noneMatch(g -> g.allows(call))))
        .as("calls that the chart does not grant")
        .isEmpty();
    grants.remove(ASKED_FOR);
    assertThat(grants.stream().filter(grant -> calls.stream().noneMatch(grant::allows)))
        .as("rights that nothing uses")
        .isEmpty();
  }

  @Test
  void theGatewayWatchesTwoKinds() {
    assertThat(Grant.of(chart, "mistral-gateway"))
        .extracting(Grant::toLine)
        .containsExactlyInAnyOrder(
            "list mistraloperator.io/inferenceroutes platform",
            "watch mistraloperator.io/inferenceroutes platform",
            "list discovery.k8s.io/endpointslices cluster",
            "watch discovery.k8s.io/endpointslices cluster");
  }

  @Test
  @DisplayName(
      "A7.3 with tokens of the cluster the gateway may ask whose they are, and nothing else")
  void theGatewayReviewsTokensWhereThatIsWanted() {
    var more =
        Grant.of(RenderedChart.with("gateway: {auth: {kubernetes: true}}"), "mistral-gateway");
    more.removeAll(Grant.of(chart, "mistral-gateway"));

    assertThat(more)
        .extracting(Grant::toLine)
        .containsExactly("create authentication.k8s.io/tokenreviews cluster");
  }

  @Test
  void noRightIsAWildcard() {
    assertThat(
            Stream.of("ClusterRole", "Role")
                .flatMap(chart::ofKind)
                .flatMap(role -> RenderedChart.each(role.get("rules"))))
        .allSatisfy(
            rule ->
                assertThat(rule)
                    .allSatisfy(
                        list -> assertThat(list).extracting(JsonNode::asText).doesNotContain("*")));
  }

  @Test
  @DisplayName("T-T2 the operator cannot list Secrets, the gateway cannot read any")
  void secretsCannotBeListed() {
    applyRights();
    for (String verb : List.of("list", "watch", "delete")) {
      assertThat(canI(OPERATOR, verb, "secrets", "-A")).as(verb).isFalse();
      assertThat(canI(OPERATOR, verb, "secrets", "-n", "mistral-system")).as(verb).isFalse();
    }
    assertThat(canI(OPERATOR, "get", "secrets", "-n", "team-a")).isTrue();
    for (String verb : List.of("get", "list", "watch", "create", "update", "patch", "delete")) {
      assertThat(canI(GATEWAY, verb, "secrets", "-A")).as(verb).isFalse();
      assertThat(canI(GATEWAY, verb, "secrets", "-n", "mistral-system")).as(verb).isFalse();
    }
  }

  @Test
  @DisplayName("T-T1 a project's editor manages its own objects and nothing of others")
  void tenantManagesItsOwn() {
    applyRights();
    var project = server.newNamespace();
    // The API server alone does not aggregate roles: the chart's role is bound itself.
    bind(project, "mistral-project-editor");
    for (String resource : List.of("mistraldeployments", "serverlessendpoints")) {
      for (String verb : List.of("get", "list", "watch", "create", "update", "patch", "delete")) {
        assertThat(canI(TENANT, verb, resource, "-n", project)).as(verb).isTrue();
        assertThat(canI(TENANT, verb, resource, "-n", "mistral-system")).as(verb).isFalse();
      }
    }
    assertThat(canI(TENANT, "patch", "mistraldeployments", "-n", project, "--subresource=scale"))
        .isTrue();
    assertThat(canI(TENANT, "patch", "mistraldeployments", "-n", project, "--subresource=status"))
        .isFalse();
    assertThat(canI(TENANT, "get", "inferenceroutes", "-n", "mistral-system")).isFalse();
    assertThat(canI(TENANT, "get", "pods", "-n", "mistral-system")).isFalse();
    assertThat(canI(TENANT, "get", "secrets", "-n", "default")).isFalse();
    assertThat(canI(TENANT, "list", "mistralmodels")).isTrue();
    assertThat(canI(TENANT, "list", "instancetypes")).isTrue();
    assertThat(canI(TENANT, "create", "mistralmodels")).isFalse();
    assertThat(canI(TENANT, "patch", "instancetypes")).isFalse();
  }

  @Test
  @DisplayName("T-Q10 a project reads its quota and cannot change it, its status included")
  void tenantOnlyReadsItsQuota() {
    applyRights();
    for (String role : List.of("mistral-project-editor", "mistral-project-viewer")) {
      var project = server.newNamespace();
      bind(project, role);
      for (String verb : List.of("get", "list", "watch")) {
        assertThat(canI(TENANT, verb, "inferencequotas", "-n", project)).as(verb).isTrue();
      }
      for (String verb : List.of("create", "update", "patch", "delete", "deletecollection")) {
        assertThat(canI(TENANT, verb, "inferencequotas", "-n", project)).as(verb).isFalse();
      }
      for (String verb : List.of("update", "patch")) {
        assertThat(canI(TENANT, verb, "inferencequotas", "-n", project, "--subresource=status"))
            .isFalse();
      }
    }
    var handedOut = server.newNamespace();
    bind(handedOut, "mistral-quota-admin");
    assertThat(canI(TENANT, "update", "inferencequotas", "-n", handedOut)).isTrue();
    assertThat(canI(TENANT, "update", "inferencequotas", "-n", handedOut, "--subresource=status"))
        .isFalse();
    assertThat(labels("mistral-quota-admin")).as("roles that it joins").isEmpty();
  }

  @Test
  void rightsOnDefinitionsLiveInHooksAlone(@TempDir Path scratch) throws IOException {
    assertThat(chart.text()).doesNotContain("customresourcedefinitions");
    var hooks = RenderedChart.withHooks(scratch);
    assertThat(Stream.of("ClusterRole", "Role").flatMap(hooks::ofKind))
        .filteredOn(role -> role.toString().contains("customresourcedefinitions"))
        .singleElement()
        .satisfies(
            role ->
                assertThat(role.at("/metadata/annotations/helm.sh~1hook-delete-policy").asText())
                    .isEqualTo("before-hook-creation,hook-succeeded"));
  }

  @Test
  void projectRolesJoinKubernetesOwn() {
    assertThat(labels("mistral-project-editor"))
        .contains("aggregate-to-edit", "aggregate-to-admin")
        .doesNotContain("aggregate-to-view");
    assertThat(labels("mistral-project-viewer"))
        .contains("aggregate-to-view")
        .doesNotContain("aggregate-to-edit");
    assertThat(chart.object("ClusterRole", "mistral-project-viewer").toString())
        .doesNotContain("create", "patch", "delete");
  }

  @Test
  void projectRolesCanBeLeftOut() {
    var without = RenderedChart.with("projectRoles: {enabled: false, catalogueForEveryone: false}");
    assertThat(without.ofKind("ClusterRole"))
        .extracting(RenderedChart::name)
        .containsExactlyInAnyOrder("mistral-operator", "mistral-gateway");
  }

  private Set<String> labels(String role) {
    var prefix = "rbac.authorization.k8s.io/";
    return chart.object("ClusterRole", role).at("/metadata/labels").properties().stream()
        .filter(label -> label.getKey().startsWith(prefix))
        .map(label -> label.getKey().substring(prefix.length()))
        .collect(Collectors.toSet());
  }

  private void applyRights() {
    if (server.client().namespaces().withName(RenderedChart.NAMESPACE).get() == null) {
      server.kubectl().output("create", "namespace", RenderedChart.NAMESPACE);
    }
    var manifest =
        chart.objects().stream()
            .filter(object -> object.get("apiVersion").asText().startsWith("rbac."))
            .map(JsonNode::toString)
            .collect(Collectors.joining("\n---\n"));
    server.kubectl().output("apply", "-f", RenderedChart.valuesFile(manifest).toString());
  }

  private void bind(String project, String role) {
    server
        .kubectl()
        .output(
            "create",
            "rolebinding",
            "tenants",
            "-n",
            project,
            "--clusterrole=" + role,
            "--user=" + TENANT);
  }

  private boolean canI(String user, String verb, String resource, String... more) {
    List<String> arguments =
        Stream.concat(
                Stream.of("auth", "can-i", verb, resource + group(resource), "--as=" + user),
                Stream.of(more))
            .collect(Collectors.toCollection(ArrayList::new));
    if (user.equals(TENANT)) {
      arguments.add("--as-group=system:authenticated");
    }
    Kubectl.Result result = server.kubectl().run(arguments.toArray(String[]::new));
    var answer = result.output().lines().reduce((first, last) -> last).orElse("");
    assertThat(answer).as(String.join(" ", arguments)).matches("yes|no.*");
    return answer.equals("yes");
  }

  private static String group(String resource) {
    return Set.of("secrets", "pods").contains(resource) ? "" : ".mistraloperator.io";
  }

  /** What the tests of a half wrote down about the calls of that half. */
  private static Set<Grant> calls(String half) throws IOException {
    Path file = RenderedChart.ROOT.resolve(half + "/target/api-calls.txt");
    assumeThat(file)
        .as("written by the %s's tests: run them before, as 'make test' does", half)
        .exists();
    Set<Grant> calls = new TreeSet<>();
    try (var lines = Files.lines(file)) {
      lines.filter(line -> !line.isBlank()).map(Grant::parse).forEach(calls::add);
    }
    return calls;
  }
}
