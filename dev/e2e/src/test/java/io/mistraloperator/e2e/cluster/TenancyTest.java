package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Projects side by side, and who may do what. */
@RealCluster
class TenancyTest {
  private static final String OPERATOR = account("mistral-operator");
  private static final String GATEWAY = account("mistral-gateway");
  private static final String LONG_NAME = "a" + "-23456789".repeat(6) + "-2345678";

  private final Cluster cluster;

  TenancyTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  @DisplayName(
      "T-T1 an editor of one namespace manages its own endpoints and sees nothing of others")
  void separatesTenants() {
    try (Project own = cluster.project("own");
        Project other = cluster.project("other")) {
      cluster
          .kubectl()
          .run(
              "create", "rolebinding", "team", "--clusterrole=edit", "--user=ann", "-n", own.name())
          .orFail();
      String[] asAnn = {"-n", own.name(), "--as=ann"};
      cluster.kubectl().apply(Manifests.deployment("anns"), asAnn);
      cluster.kubectl().onManifest("delete", Manifests.deployment("anns"), asAnn).orFail();
      assertAllowed("ann", own.name(), "update", "mistraldeployments/scale");
      assertAllowed("ann", own.name(), "create", "serverlessendpoints");
      assertAllowed("ann", own.name(), "list", "mistralmodels");
      assertForbidden("ann", other.name(), "get", "mistraldeployments");
      assertForbidden("ann", other.name(), "create", "serverlessendpoints");
      assertForbidden("ann", other.name(), "get", "secrets");
      assertForbidden("ann", Cluster.PLATFORM, "get", "secrets");
      assertForbidden("ann", Cluster.PLATFORM, "list", "pods");
      assertForbidden("ann", Cluster.PLATFORM, "list", "inferenceroutes");
      assertForbidden("ann", own.name(), "update", "instancetypes");
      assertForbidden("ann", own.name(), "create", "mistralmodels");
    }
  }

  @ParameterizedTest
  @CsvSource({"list", "watch", "deletecollection"})
  @DisplayName("T-T2 neither operator nor gateway may see Secrets but by name")
  void keepsSecretsSecret(String verb) {
    assertForbidden(OPERATOR, "default", verb, "secrets");
    assertForbidden(OPERATOR, Cluster.PLATFORM, verb, "secrets");
    assertForbidden(GATEWAY, Cluster.PLATFORM, verb, "secrets");
  }

  @Test
  @DisplayName("T-T2 the gateway has no access to Secrets at all and writes nothing")
  void boundsTheGateway() {
    assertForbidden(GATEWAY, Cluster.PLATFORM, "get", "secrets");
    assertForbidden(GATEWAY, "default", "get", "pods");
    assertForbidden(GATEWAY, Cluster.PLATFORM, "patch", "inferenceroutes");
    assertForbidden(OPERATOR, "default", "create", "pods/exec");
    assertForbidden(OPERATOR, "default", "*", "clusterroles");
  }

  @Test
  @DisplayName("T-T3 63-character names, the same name in two namespaces, dots in the model's id")
  void namesEverythingDistinctly() {
    assertThat(LONG_NAME).hasSize(63);
    cluster.kubectl().apply(Manifests.model("e2e-dots", "E2E.Dots-v0.3.1", 4096, 2048, "tiny-cpu"));
    try (Project first = cluster.project("long");
        Project second = cluster.project("long")) {
      String model = "model: E2E.Dots-v0.3.1";
      first.deploy(LONG_NAME, model, "endpointName: Long-One");
      second.deploy(LONG_NAME, model, "endpointName: Long-Two");
      String serverless = LONG_NAME.replaceFirst("a", "b");
      first.apply(Manifests.serverless(serverless, "E2E.Dots-v0.3.1", "endpointName: Long-Three"));
      first.awaitReady("mistraldeployment/" + LONG_NAME);
      second.awaitReady("mistraldeployment/" + LONG_NAME);
      first.awaitReady("serverlessendpoint/" + serverless);
      assertThat(first.application(LONG_NAME).chat("Hi").status()).isEqualTo(200);
      assertThat(second.application(LONG_NAME).chat("Hi").status()).isEqualTo(200);
      assertThat(first.serverlessApplication(serverless).chat("Hi").status()).isEqualTo(200);
      assertThat(
              first
                  .application(LONG_NAME)
                  .withKey(second.keyEntry("long-two", "primaryKey"))
                  .chat("Hi")
                  .status())
          .as("the namesake's key")
          .isEqualTo(401);
    }
  }

  @Test
  @DisplayName("T-T4 engines run where Pod Security enforces the restricted level")
  void runsRestricted() {
    assertThat(
            cluster
                .client()
                .namespaces()
                .withName(Cluster.PLATFORM)
                .get()
                .getMetadata()
                .getLabels())
        .containsEntry("pod-security.kubernetes.io/enforce", "restricted");
    try (Project project = cluster.project("restricted")) {
      cluster
          .client()
          .namespaces()
          .withName(project.name())
          .edit(
              namespace ->
                  new NamespaceBuilder(namespace)
                      .editMetadata()
                      .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                      .endMetadata()
                      .build());
      project.deployReady("strict", "instances: 2");
      assertThat(project.application("strict").chat("Hi").status()).isEqualTo(200);
    }
  }

  private void assertAllowed(String user, String namespace, String verb, String resource) {
    assertThat(canI(user, namespace, verb, resource)).isEqualTo("yes");
  }

  private void assertForbidden(String user, String namespace, String verb, String resource) {
    assertThat(canI(user, namespace, verb, resource))
        .as("%s: %s %s in %s", user, verb, resource, namespace)
        .isEqualTo("no");
  }

  private String canI(String user, String namespace, String verb, String resource) {
    return cluster
        .kubectl()
        .run("auth", "can-i", verb, resource, "-n", namespace, "--as=" + user)
        .out()
        .strip();
  }

  private static String account(String name) {
    return "system:serviceaccount:" + Cluster.PLATFORM + ":" + name;
  }
}
