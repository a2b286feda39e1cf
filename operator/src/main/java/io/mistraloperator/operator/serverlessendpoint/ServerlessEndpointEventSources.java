package io.mistraloperator.operator.serverlessendpoint;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Service;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.mistraloperator.api.EndpointStatus;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralModel;
import io.mistraloperator.api.ServerlessEndpoint;
import io.mistraloperator.api.ServerlessEndpointStatus;
import io.mistraloperator.operator.kube.DeletionEventSource;
import io.mistraloperator.operator.kube.EventSources;
import io.mistraloperator.operator.kube.Labels;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Every watch of this kind. */
final class ServerlessEndpointEventSources {
  private static final String KIND = "ServerlessEndpoint";

  private ServerlessEndpointEventSources() {}

  static List<EventSource<?, ServerlessEndpoint>> all(
      EventSourceContext<ServerlessEndpoint> context,
      String platform,
      Consumer<ServerlessEndpoint> deleted) {
    var sources = new EventSources<>(context, KIND, ServerlessEndpointReconciler::endpointName);
    return List.of(
        sources.children(Service.class),
        sources.siblings(ConfigMap.class, ServerlessEndpointEventSources::concerned),
        sources.routes(InferenceRoute.class, platform),
        sources.shared(
            MistralDeployment.class, platform, ServerlessEndpointEventSources::usersOfPool),
        sources.catalogue(MistralModel.class),
        new DeletionEventSource<>(ServerlessEndpoint.class, deleted));
  }

  /** A lock matters to whoever waits for it, and that is in the same project. */
  private static Predicate<ServerlessEndpoint> concerned(ConfigMap object) {
    return endpoint ->
        ServerlessLock.isLock(object)
            ? object.getMetadata().getNamespace().equals(endpoint.getMetadata().getNamespace())
            : Labels.owner(object).equals(Optional.of(Labels.Owner.of(endpoint)));
  }

  /** Endpoints of the pool's model, and those of which the model is not known yet. */
  private static Predicate<ServerlessEndpoint> usersOfPool(MistralDeployment pool) {
    return endpoint ->
        Optional.ofNullable(endpoint.getStatus())
            .map(ServerlessEndpointStatus::endpoint)
            .map(EndpointStatus::modelName)
            .map(pool.getSpec().model()::equals)
            .orElse(true);
  }
}
