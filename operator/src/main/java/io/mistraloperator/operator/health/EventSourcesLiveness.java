package io.mistraloperator.operator.health;

import io.javaoperatorsdk.operator.Operator;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Restarts a process whose watches have ended for good: it would keep the lease and do nothing. A
 * short outage of the API server is waited out.
 */
@Liveness
@Singleton
class EventSourcesLiveness implements HealthCheck {
  private static final Duration TOLERANCE = Duration.ofMinutes(2);

  private final Operator operator;
  private final Clock clock;
  private final AtomicReference<Instant> unhealthySince = new AtomicReference<>();

  public EventSourcesLiveness(Operator operator, Clock clock) {
    this.operator = operator;
    this.clock = clock;
  }

  @Override
  public HealthCheckResponse call() {
    var runtime = operator.getRuntimeInfo();
    var response = HealthCheckResponse.named("event sources");
    if (!runtime.isStarted() || runtime.allEventSourcesAreHealthy()) {
      unhealthySince.set(null);
      return response.up().build();
    }
    Instant now = clock.instant();
    unhealthySince.compareAndSet(null, now);
    Duration down = Duration.between(unhealthySince.get(), now);
    runtime
        .unhealthyEventSources()
        .forEach(
            (controller, sources) ->
                response.withData(controller, String.join(", ", sources.keySet())));
    return response.status(down.compareTo(TOLERANCE) < 0).build();
  }
}
