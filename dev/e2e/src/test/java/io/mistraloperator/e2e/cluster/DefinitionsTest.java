package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The definitions of this project's kinds when the chart is upgraded. */
@RealCluster
class DefinitionsTest {
  private static final String JOB = "mistral-definitions";

  private final Cluster cluster;

  DefinitionsTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  @DisplayName("T-H1 helm upgrade brings old definitions to its version, and its rights go again")
  void areBroughtUpToDate() {
    var definition =
        cluster
            .client()
            .apiextensions()
            .v1()
            .customResourceDefinitions()
            .withName("serverlessendpoints.mistraloperator.io");
    var present = description(definition);
    definition.edit(
        old -> {
          old.getSpec()
              .getVersions()
              .getFirst()
              .getSchema()
              .getOpenAPIV3Schema()
              .setDescription("Of an older version.");
          return old;
        });
    assertThat(description(definition)).isNotEqualTo(present);

    cluster.chart().upgrade(Map.of());

    assertThat(description(definition)).isEqualTo(present);
    var client = cluster.client();
    assertThat(client.batch().v1().jobs().inNamespace(Cluster.PLATFORM).withName(JOB).get())
        .isNull();
    assertThat(client.rbac().clusterRoles().withName(JOB).get()).isNull();
    assertThat(client.rbac().clusterRoleBindings().withName(JOB).get()).isNull();
    assertThat(client.serviceAccounts().inNamespace(Cluster.PLATFORM).withName(JOB).get()).isNull();
  }

  private static String description(Resource<CustomResourceDefinition> definition) {
    return definition
        .get()
        .getSpec()
        .getVersions()
        .getFirst()
        .getSchema()
        .getOpenAPIV3Schema()
        .getDescription();
  }
}
