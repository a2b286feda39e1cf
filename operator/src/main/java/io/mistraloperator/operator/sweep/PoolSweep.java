package io.mistraloperator.operator.sweep;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralModel;
import io.mistraloperator.api.ServerlessEndpoint;
import io.mistraloperator.operator.catalogue.Catalogue;
import io.mistraloperator.operator.catalogue.Model;
import io.mistraloperator.operator.catalogue.ModelNames;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.kube.Applier;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.serverlessendpoint.Pool;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Removes pools that no serverless endpoint uses any more. An endpoint that is made meanwhile sees
 * its pool go and makes it anew.
 */
@Singleton
public class PoolSweep {
  private static final Logger LOG = Logger.getLogger(PoolSweep.class);

  private final KubernetesClient client;
  private final OperatorConfig config;
  private final Applier applier;

  public PoolSweep(KubernetesClient client, OperatorConfig config, Applier applier) {
    this.client = client;
    this.config = config;
    this.applier = applier;
  }

  /** Looks at every pool once. */
  public void sweep() {
    List<MistralDeployment> pools =
        client
            .resources(MistralDeployment.class)
            .inNamespace(config.namespace())
            .withLabel(Labels.MANAGED_BY, Labels.OPERATOR)
            .withLabel(Labels.COMPONENT, Pool.COMPONENT)
            .list()
            .getItems();
    if (pools.isEmpty()) {
      return;
    }
    Set<String> used = usedModels();
    pools.stream()
        .filter(pool -> !used.contains(ModelNames.normalise(pool.getSpec().model())))
        .forEach(
            pool -> {
              LOG.infof("Pool %s has no endpoint any more", pool.getMetadata().getName());
              applier.delete(pool);
            });
  }

  private Set<String> usedModels() {
    var catalogue = Catalogue.of(client.resources(MistralModel.class).list().getItems(), List.of());
    return client.resources(ServerlessEndpoint.class).inAnyNamespace().list().getItems().stream()
        .filter(endpoint -> !endpoint.isMarkedForDeletion())
        .map(endpoint -> endpoint.getSpec().model())
        .map(name -> catalogue.model(name).map(Model::id).orElse(name))
        .map(ModelNames::normalise)
        .collect(Collectors.toSet());
  }
}
