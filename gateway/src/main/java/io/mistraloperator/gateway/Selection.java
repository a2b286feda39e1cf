package io.mistraloperator.gateway;

import io.mistraloperator.gateway.balance.Shares;
import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Given;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.route.Deployment;
import io.mistraloperator.gateway.route.Route;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/**
 * Which deployment of an endpoint answers a request, and which get a copy of it (rows D2.4 to
 * D2.6).
 *
 * @param deployment that answers
 * @param copied others, that get a copy
 */
record Selection(Deployment deployment, List<Deployment> copied) {
  static final String HEADER = "azureml-model-deployment";

  Selection {
    copied = List.copyOf(copied);
  }

  /**
   * The one that the header names, whatever its weight; else one by the weights.
   *
   * @throws Refusal when there is none of that name, or none has a weight
   */
  static Selection of(Services services, Route route, Head head) {
    Optional<String> asked = head.header(HEADER);
    if (asked.isPresent()) {
      return new Selection(
          route.named(asked.get()).orElseThrow(() -> unknown(route, asked.get())), List.of());
    }
    Deployment picked =
        Shares.pick(
                route.deployments(),
                each -> takes(services, each),
                ThreadLocalRandom.current()::nextInt)
            .orElseThrow(() -> idle(route));
    return new Selection(
        picked, Shares.copied(route.deployments(), picked, ThreadLocalRandom.current()::nextInt));
  }

  /** Whether a deployment answers, or lets requests wait until it does. */
  static boolean takes(Services services, Deployment deployment) {
    return deployment.queueing().hold().isPresent()
        || !services.instances().ready(deployment.service()).isEmpty();
  }

  private static Refusal unknown(Route route, String name) {
    return Refusal.of(
        ErrorCode.DEPLOYMENT_NOT_FOUND,
        "The endpoint has no deployment of the name in "
            + HEADER
            + " ("
            + Given.words(name)
            + "); there is: "
            + names(route)
            + ".");
  }

  private static Refusal idle(Route route) {
    return Refusal.of(
        ErrorCode.DEPLOYMENT_NOT_FOUND,
        "No deployment of the endpoint has traffic: name one in "
            + HEADER
            + ", or set spec.traffic of one; there is: "
            + names(route)
            + ".");
  }

  private static String names(Route route) {
    return route.deployments().stream().map(Deployment::name).collect(Collectors.joining(", "));
  }
}
