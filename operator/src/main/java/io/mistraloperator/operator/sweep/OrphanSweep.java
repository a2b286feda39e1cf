package io.mistraloperator.operator.sweep;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.ServerlessEndpoint;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.route.RouteBook;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
    // In this order: a member that is in a route now and is not found afterwards is gone.
    var all =
        client
            .resources(InferenceRoute.class)
            .inNamespace(config.namespace())
            .withLabel(Labels.MANAGED_BY, Labels.OPERATOR)
            .list()
            .getItems();
    if (all.isEmpty()) {
      return;
    }
    Set<String> living =
        Stream.concat(uids(MistralDeployment.class), uids(ServerlessEndpoint.class))
            .collect(Collectors.toSet());
    all.forEach(route -> routes.sweep(route, living));
  }

  private Stream<String> uids(Class<? extends HasMetadata> kind) {
    return client.resources(kind).inAnyNamespace().list().getItems().stream()
        .map(object -> object.getMetadata().getUid());
  }
}
