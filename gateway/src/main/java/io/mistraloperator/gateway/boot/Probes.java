package io.mistraloperator.gateway.boot;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** What readiness depends on; it does not go down when the API server does. */
@Singleton
class Probes {
  private final Gateway gateway;

  Probes(Gateway gateway) {
    this.gateway = gateway;
  }

  @Produces
  @Readiness
  HealthCheck routes() {
    return () -> state("routes and instances listed", gateway.synced());
  }

  @Produces
  @Readiness
  HealthCheck certificate() {
    return () -> state("certificate loaded", gateway.tlsReady());
  }

  private static HealthCheckResponse state(String name, boolean up) {
    return HealthCheckResponse.named(name).status(up).build();
  }
}
