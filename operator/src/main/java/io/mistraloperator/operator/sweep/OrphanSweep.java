package io.mistraloperator.operator.sweep;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.kube.LivingOwners;
import io.mistraloperator.operator.route.RouteBook;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Removes what an owner in another namespace left behind. */
@Singleton
public class OrphanSweep {
  private static final Logger LOG = Logger.getLogger(OrphanSweep.class);

  private final KubernetesClient client;
  private final OperatorConfig config;
  private final LivingOwners owners;
  private final RouteBook routes;

  public OrphanSweep(
      KubernetesClient client, OperatorConfig config, LivingOwners owners, RouteBook routes) {
    this.client = client;
    this.config = config;
    this.owners = owners;
    this.routes = routes;
  }

  /** Looks at every route once. */
  public void sweep() {
    client
        .resources(InferenceRoute.class)
        .inNamespace(config.namespace())
        .withLabel(Labels.MANAGED_BY, Labels.OPERATOR)
        .list()
        .getItems()
        .stream()
        .filter(route -> !owners.isAlive(RouteBook.holder(route)))
        .forEach(
            route -> {
              LOG.infof("Route %s has no owner any more", route.getMetadata().getName());
              routes.delete(route);
            });
  }
}
