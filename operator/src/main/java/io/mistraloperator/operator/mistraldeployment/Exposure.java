package io.mistraloperator.operator.mistraldeployment;

import io.mistraloperator.api.Autoscaling;
import io.mistraloperator.api.InferenceRouteSpec.Backend;
import io.mistraloperator.api.InferenceRouteSpec.Hold;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.operator.kube.Names;
import io.mistraloperator.operator.mistraldeployment.Decision.Run;
import io.mistraloperator.operator.route.EndpointOutcome;
import io.mistraloperator.operator.route.EndpointPublisher;
import io.mistraloperator.operator.route.EndpointPublisher.Endpoint;
import java.util.Objects;
import java.util.Optional;

/** Gives a deployment its endpoint. */
final class Exposure {
  private final EndpointPublisher publisher;

  Exposure(EndpointPublisher publisher) {
    this.publisher = publisher;
  }

  /** The name in the URL. */
  static String endpointName(MistralDeployment deployment) {
    return Objects.requireNonNullElse(
        deployment.getSpec().endpointName(), deployment.getMetadata().getName());
  }

  /** Publishes the endpoint for what runs, or takes it back where there is to be none. */
  EndpointOutcome publish(
      MistralDeployment deployment, Observation observation, Run run, RunningPlan running) {
    if (!DesiredState.isExposed(deployment)) {
      return publisher.withdraw(deployment, observation.route());
    }
    var metadata = deployment.getMetadata();
    var plan = running.plan();
    return publisher.publish(
        new Endpoint(
            deployment,
            endpointName(deployment),
            run.model(),
            plan.contextLength(),
            new Backend(
                plan.engine(),
                metadata.getNamespace(),
                Names.engine(metadata.getName()),
                plan.model(),
                plan.tokenizerMode()),
            Optional.ofNullable(deployment.getSpec().requestSettings()),
            hold(deployment),
            Sharing.members(observation.sharing(), deployment, observation.ready())),
        observation.route(),
        observation.keyWitness());
  }

  /** How requests to a deployment wait while it has no instance. */
  static Optional<Hold> hold(MistralDeployment deployment) {
    return Optional.ofNullable(deployment.getSpec().autoscaling())
        .filter(autoscaling -> Objects.equals(autoscaling.minInstances(), 0))
        .map(Autoscaling::hold);
  }

  /** What is published already, without a change of it. */
  EndpointOutcome asItIs(MistralDeployment deployment, Observation observation) {
    return publisher.asItIs(deployment, endpointName(deployment), observation.route());
  }
}
