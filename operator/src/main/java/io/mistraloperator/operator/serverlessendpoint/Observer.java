package io.mistraloperator.operator.serverlessendpoint;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Service;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralModel;
import io.mistraloperator.api.ServerlessEndpoint;
import io.mistraloperator.operator.catalogue.Catalogue;
import io.mistraloperator.operator.catalogue.Model;
import io.mistraloperator.operator.catalogue.ModelNames;
import io.mistraloperator.operator.kube.Caches;
import io.mistraloperator.operator.kube.Names;
import io.mistraloperator.operator.route.Routes;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads what the caches say about one endpoint. */
final class Observer {
  private static final Comparator<ServerlessEndpoint> BY_AGE =
      Comparator.comparing((ServerlessEndpoint e) -> e.getMetadata().getCreationTimestamp())
          .thenComparing(e -> e.getMetadata().getName());

  private final String platform;

  Observer(String platform) {
    this.platform = platform;
  }

  Observation observe(ServerlessEndpoint endpoint, Context<ServerlessEndpoint> context) {
    var caches = new Caches<>(context);
    String namespace = endpoint.getMetadata().getNamespace();
    var catalogue = Catalogue.of(caches.list(MistralModel.class).toList(), List.of());
    Optional<Model> model = catalogue.model(endpoint.getSpec().model());
    String routeName = ServerlessEndpointReconciler.endpointName(endpoint).toLowerCase(Locale.ROOT);
    var route = caches.get(InferenceRoute.class, platform, routeName);
    return new Observation(
        model,
        catalogue.noSuchModel(endpoint.getSpec().model()),
        model.flatMap(found -> older(endpoint, found, catalogue, context)),
        model.flatMap(
            found ->
                caches.get(
                    ConfigMap.class,
                    namespace,
                    Names.serverlessLock(ModelNames.normalise(found.id())))),
        caches.get(
            Service.class, namespace, Names.endpointService(endpoint.getMetadata().getName())),
        model.flatMap(found -> caches.get(MistralDeployment.class, platform, Pool.name(found))),
        caches.get(ConfigMap.class, namespace, Routes.keySecret(route, endpoint, routeName)),
        route);
  }

  /** Among those that wait for a model the oldest is next. */
  private static Optional<String> older(
      ServerlessEndpoint endpoint,
      Model model,
      Catalogue catalogue,
      Context<ServerlessEndpoint> context) {
    return context
        .getPrimaryCache()
        .list(
            endpoint.getMetadata().getNamespace(),
            other ->
                BY_AGE.compare(other, endpoint) < 0
                    && !other.isMarkedForDeletion()
                    && catalogue.model(other.getSpec().model()).filter(model::equals).isPresent())
        .min(BY_AGE)
        .map(other -> other.getMetadata().getName());
  }
}
