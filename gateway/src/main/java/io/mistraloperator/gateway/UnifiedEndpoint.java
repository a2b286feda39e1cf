package io.mistraloperator.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.mistraloperator.gateway.auth.KeyAuthenticator;
import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.route.Project;
import io.mistraloperator.gateway.route.Route;
import java.util.List;

/**
 * The unified endpoint of a project, as one caller sees it: the model in the body chooses among the
 * project's endpoints (rows A6.4, A9.2, D3).
 *
 * @param project whose endpoints there are
 * @param open the endpoints that the caller's key opens; at least one
 */
record UnifiedEndpoint(Project project, List<Route> open) {
  UnifiedEndpoint {
    open = List.copyOf(open);
  }

  /**
   * Lets a caller in whose key opens some endpoint of the project. Others learn nothing of it, not
   * even whether it exists.
   *
   * @throws Refusal when none of {@code secrets} does
   */
  static UnifiedEndpoint unlock(List<String> secrets, Project project) {
    KeyAuthenticator.present(secrets);
    List<Route> open =
        project.routes().stream()
            .filter(route -> KeyAuthenticator.fits(secrets, route.keyDigests()))
            .toList();
    if (open.isEmpty()) {
      throw Refusal.of(
          ErrorCode.UNAUTHORIZED,
          "The key is not a key of any endpoint of project " + project.name() + ".");
    }
    return new UnifiedEndpoint(project, open);
  }

  /** Whether one of the open endpoints takes images. */
  boolean sees() {
    return open.stream().anyMatch(route -> route.model().vision());
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
          "The body must have model: the name of an endpoint of project " + project.name() + ".");
    }
    String name = model.textValue().strip();
    return project.named(name).map(route -> opened(route, name)).orElseGet(() -> byModel(name));
  }

  private Route opened(Route route, String name) {
    if (!open.contains(route)) {
      throw Refusal.of(
          ErrorCode.UNAUTHORIZED, "The key is not one of the keys of endpoint " + name + ".");
    }
    return route;
  }

  private Route byModel(String name) {
    List<Route> serving =
        open.stream().filter(route -> route.model().name().equalsIgnoreCase(name)).toList();
    if (serving.size() == 1) {
      return serving.getFirst();
    }
    throw Refusal.of(
        ErrorCode.UNKNOWN_MODEL,
        serving.isEmpty()
            ? "The project has no endpoint that this key opens and that has this name, or serves"
                + " a model of this name."
            : "The key opens several endpoints that serve this model: name one of them.");
  }
}
