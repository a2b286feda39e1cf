package io.mistraloperator.gateway.boot;

import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** {@code GET /load}, beside health and metrics: what the operator scales by. */
@Singleton
class LoadPage {
  private final Gateway gateway;

  LoadPage(Gateway gateway) {
    this.gateway = gateway;
  }

  void serve(@Observes Router management) {
    management.get("/load").handler(asked -> asked.json(gateway.load()));
  }
}
