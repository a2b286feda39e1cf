package io.mistraloperator.operator.sweep;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.route.RouteBook;
import jakarta.inject.Singleton;

/** Removes what an owner in another namespace left behind. */
@Singleton
public class OrphanSweep {
  private final KubernetesClient client;
  private final OperatorConfig config;
  private final RouteBook routes;

  public OrphanSweep(KubernetesClient client, OperatorConfig config, RouteBook routes) {
    this.client = client;
    this.config = config;
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
        .forEach(routes::sweep);
  }
}
