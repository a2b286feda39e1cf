package io.mistraloperator.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.mistraloperator.gateway.auth.Gate;
import io.mistraloperator.gateway.auth.KeyAuthenticator;
import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Given;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.route.Project;
import io.mistraloperator.gateway.route.Route;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The unified endpoint of a project, as one caller sees it: the model in the body chooses among the
 * project's endpoints (rows A6.4, A9.2, D3).
 *
 * @param project whose endpoints there are
 * @param open the endpoints that the caller's credential opens; at least one
 * @param closed why it does not open each of the others, by id of the route
 */
record UnifiedEndpoint(Project project, List<Route> open, Map<String, Refusal> closed) {
  private static final int MOST_NAMES = 10;

  UnifiedEndpoint {
    open = List.copyOf(open);
    closed = Map.copyOf(closed);
  }

  /**
   * Lets a caller in whose credential opens some endpoint of the project. Others learn nothing of
   * it, not even whether it exists.
   *
   * @return fails with a {@link Refusal} when none of {@code secrets} does
   * @throws Refusal when there is no credential
   */
  static Future<UnifiedEndpoint> unlock(Gate gate, List<String> secrets, Project project) {
    KeyAuthenticator.present(secrets);
    Map<Route, Future<Void>> answers = new LinkedHashMap<>();
    project.routes().forEach(route -> answers.put(route, gate.admit(route, secrets)));
    return Future.join(List.copyOf(answers.values())).transform(all -> sorted(project, answers));
  }

  private static Future<UnifiedEndpoint> sorted(Project project, Map<Route, Future<Void>> answers) {
    List<Route> open = new ArrayList<>();
    Map<String, Refusal> closed = new HashMap<>();
    for (Map.Entry<Route, Future<Void>> answer : answers.entrySet()) {
      if (answer.getValue().succeeded()) {
        open.add(answer.getKey());
      } else if (answer.getValue().cause() instanceof Refusal refusal) {
        closed.put(answer.getKey().id(), refusal);
      } else {
        return Future.failedFuture(answer.getValue().cause());
      }
    }
    return open.isEmpty()
        ? Future.failedFuture(nothingOpens(project, closed.values()))
        : Future.succeededFuture(new UnifiedEndpoint(project, open, closed));
  }

  /** A doubt, or a right that is lacking, says more than that a credential is none of the keys. */
  private static Refusal nothingOpens(Project project, Collection<Refusal> refusals) {
    return refusals.stream()
        .filter(refusal -> refusal.code() != ErrorCode.UNAUTHORIZED)
        .max(Comparator.comparingInt(refusal -> refusal.code().status()))
        .orElseGet(
            () ->
                Refusal.of(
                    ErrorCode.UNAUTHORIZED,
                    "The key is not one of an endpoint of project " + project.name() + "."));
  }

  /** The longest time that an open endpoint allows. */
  Duration longest() {
    return open.stream()
        .flatMap(route -> route.deployments().stream())
        .map(deployment -> deployment.limits().total())
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  /** The most bytes that an open endpoint takes. */
  int largestBody() {
    return open.stream()
        .flatMap(route -> route.deployments().stream())
        .mapToInt(deployment -> deployment.limits().bodyBytes())
        .max()
        .orElseThrow();
  }

  /**
   * The endpoint of a name: that of the endpoint itself, in any case, else that of the model that
   * exactly one open endpoint serves.
   *
   * @param model the parameter of the body
   * @throws Refusal when there is none, or the caller's key is not one of its keys
   */
  Route select(JsonNode model) {
    if (!model.isTextual() || model.textValue().isBlank()) {
      throw Refusal.of(
          ErrorCode.NO_MODEL_NAME,
          "The body must have model: the name of an endpoint of project "
              + project.name()
              + " ("
              + Given.words(model)
              + "). "
              + names(open));
    }
    String name = model.textValue().strip();
    return project.named(name).map(this::opened).orElseGet(() -> byModel(name, model));
  }

  private Route opened(Route route) {
    Refusal refusal = closed.get(route.id());
    if (refusal != null) {
      throw refusal;
    }
    return route;
  }

  private Route byModel(String name, JsonNode model) {
    List<Route> serving = open.stream().filter(route -> serves(route, name)).toList();
    if (serving.size() == 1) {
      return serving.getFirst();
    }
    throw Refusal.of(
        ErrorCode.UNKNOWN_MODEL,
        serving.isEmpty()
            ? "model must be the name of an endpoint of the project, or of the model of one, that"
                + " this credential opens ("
                + Given.words(model)
                + "). "
                + names(open)
            : "model must be the name of one endpoint: several serve this model ("
                + Given.words(model)
                + "). "
                + names(serving));
  }

  private static boolean serves(Route route, String model) {
    return route.deployments().stream()
        .anyMatch(deployment -> deployment.model().name().equalsIgnoreCase(model));
  }

  /** What a caller may choose from: what its credential opens. */
  private static String names(List<Route> routes) {
    return routes.stream()
        .map(Route::endpoint)
        .sorted()
        .limit(MOST_NAMES)
        .collect(
            Collectors.joining(", ", "There are: ", routes.size() > MOST_NAMES ? ", ..." : "."));
  }
}
