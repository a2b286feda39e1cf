package io.mistraloperator.gateway.observe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.json.Json;
import java.time.Clock;
import java.time.Duration;
import org.jboss.logging.Logger;

/** One line of JSON per request. */
public final class AccessLog {
  private static final Logger LOG = Logger.getLogger("access");

  private final Clock clock;

  /** Makes a log with times of {@code clock}. */
  public AccessLog(Clock clock) {
    this.clock = clock;
  }

  /** Writes a line. */
  public void write(RequestRecord request) {
    LOG.info(line(request));
  }

  /** The line of {@code request}. */
  String line(RequestRecord request) {
    ObjectNode line = Json.object();
    line.put("time", clock.instant().toString());
    line.put("requestId", request.requestId());
    line.put("traceId", request.trace().traceId());
    line.put("spanId", request.trace().spanId());
    request.trace().parentId().ifPresent(parent -> line.put("parentSpanId", parent));
    request
        .endpoint()
        .ifPresent(
            endpoint -> {
              line.put("project", endpoint.project()).put("endpoint", endpoint.name());
              if (endpoint.decided()) {
                line.put("deployment", endpoint.deployment());
              }
            });
    line.put("operation", request.operation());
    request.inference().ifPresent(inference -> line.put("model", inference.model()));
    line.put("status", request.status());
    line.put("outcome", request.outcome());
    line.put("durationMs", millis(request.duration()));
    request.firstToken().ifPresent(first -> line.put("firstTokenMs", millis(first)));
    request
        .usage()
        .ifPresent(
            usage ->
                line.put("promptTokens", usage.prompt())
                    .put("completionTokens", usage.completion()));
    line.put("attempts", request.attempts());
    return line.toString();
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1_000 / 1_000.0;
  }
}
