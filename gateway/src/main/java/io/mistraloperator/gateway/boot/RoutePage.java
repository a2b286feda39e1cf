package io.mistraloperator.gateway.boot;

import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * {@code GET /routes/<name>?uid=<uid>&generation=<n>}, beside health and metrics: ends with 200
 * once this gateway serves at least that version of a route, with 504 when it does not in time, and
 * with 400 without a version. The operator asks before it says of an endpoint that it is there.
 */
@Singleton
class RoutePage {
  private final Gateway gateway;

  RoutePage(Gateway gateway) {
    this.gateway = gateway;
  }

  void serve(@Observes Router management) {
    management.get("/routes/:name").handler(this::answer);
  }

  private void answer(RoutingContext asked) {
    Optional<String> uid = asked.queryParam("uid").stream().findFirst();
    Optional<Long> generation =
        asked.queryParam("generation").stream()
            .findFirst()
            .filter(text -> text.matches("[1-9][0-9]{0,17}"))
            .map(Long::parseLong);
    if (uid.isEmpty() || generation.isEmpty()) {
      asked.fail(400);
      return;
    }
    Future.fromCompletionStage(
            gateway.served(asked.pathParam("name"), uid.get(), generation.get()),
            asked.vertx().getOrCreateContext())
        .onComplete(served -> asked.end(), late -> asked.fail(504));
  }
}
