package io.mistraloperator.operator.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ApiServerExtension.class)
class DefinitionUpgradeTest {
  private static final String DEPLOYMENTS = "mistraldeployments.mistraloperator.io";

  private ApiServer server;

  @BeforeEach
  void startServer() {
    server = ApiServer.withoutDefinitions();
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void makesWhatIsMissingAndBringsBackWhatIsOld() {
    var upgrade = new DefinitionUpgrade(server.client(), Duration.ofSeconds(30));
    assertThat(upgrade.run()).hasSize(6).contains(DEPLOYMENTS);
    var generation = stored().getMetadata().getGeneration();

    upgrade.run();
    assertThat(stored().getMetadata().getGeneration()).isEqualTo(generation);

    // As an older version of the project had left it.
    server
        .client()
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName(DEPLOYMENTS)
        .edit(
            definition -> {
              spec(definition).getProperties().remove("contextLength");
              definition.getSpec().getVersions().getFirst().getSubresources().setScale(null);
              return definition;
            });
    assertThat(spec(stored()).getProperties()).doesNotContainKey("contextLength");
    upgrade.run();
    assertThat(spec(stored()).getProperties()).containsKey("contextLength");
    assertThat(stored().getMetadata().getManagedFields())
        .as("Helm's own install must not conflict")
        .anySatisfy(
            fields -> {
              assertThat(fields.getManager()).isEqualTo("helm");
              assertThat(fields.getOperation()).isEqualTo("Apply");
            });
  }

  private CustomResourceDefinition stored() {
    return server
        .client()
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName(DEPLOYMENTS)
        .get();
  }

  private static JSONSchemaProps spec(CustomResourceDefinition definition) {
    return definition
        .getSpec()
        .getVersions()
        .getFirst()
        .getSchema()
        .getOpenAPIV3Schema()
        .getProperties()
        .get("spec");
  }
}
