package io.mistraloperator.operator.definitions;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mistraloperator.api.InferenceQuota;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.api.InstanceType;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralModel;
import io.mistraloperator.api.ServerlessEndpoint;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Brings a cluster's definitions to those of this program. Helm makes them at the first install and
 * never touches them again, so the chart runs this before each install and upgrade.
 */
public final class DefinitionUpgrade {
  /** Helm 4 applies crds/ under this name; under another one the next install would conflict. */
  private static final String HELM = "helm";

  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(
          MistralDeployment.class,
          ServerlessEndpoint.class,
          InferenceQuota.class,
          MistralModel.class,
          InstanceType.class,
          InferenceRoute.class);

  private final KubernetesClient client;
  private final Duration patience;

  /**
   * @param client may get, create and patch the definitions
   * @param patience how long the API server may take to serve each
   */
  public DefinitionUpgrade(KubernetesClient client, Duration patience) {
    this.client = client;
    this.patience = patience;
  }

  /**
   * Applies every definition and waits until it is served.
   *
   * @return their names
   * @throws io.fabric8.kubernetes.client.KubernetesClientException where the API server refuses one
   *     or does not serve it in time
   */
  public List<String> run() {
    var names = KINDS.stream().map(HasMetadata::getFullResourceName).toList();
    names.forEach(this::apply);
    return names;
  }

  private void apply(String name) {
    var definitions = client.apiextensions().v1().customResourceDefinitions();
    definitions.load(file(name)).fieldManager(HELM).forceConflicts().serverSideApply();
    definitions
        .withName(name)
        .waitUntilCondition(DefinitionUpgrade::served, patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static InputStream file(String name) {
    return Objects.requireNonNull(
        DefinitionUpgrade.class.getResourceAsStream("/META-INF/crds/" + name + ".yaml"), name);
  }

  private static boolean served(CustomResourceDefinition definition) {
    return definition != null
        && definition.getStatus() != null
        && definition.getStatus().getConditions() != null
        && definition.getStatus().getConditions().stream()
            .anyMatch(
                condition ->
                    condition.getType().equals("Established")
                        && condition.getStatus().equals("True"));
  }
}
