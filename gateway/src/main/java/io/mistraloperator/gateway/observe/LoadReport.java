package io.mistraloperator.gateway.observe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.observe.RequestRecord.EndpointName;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/** What one gateway tells of its load: the answer of {@code GET /load}. */
public final class LoadReport {
  private LoadReport() {}

  /**
   * The report.
   *
   * @param gateway name of the pod
   * @param booted when the gateway started: totals count from then at the earliest
   * @param deployments every deployment behind an endpoint that is served; others are left out
   */
  public static ObjectNode of(
      String gateway, Instant booted, Map<EndpointName, EndpointLoad.Reading> deployments) {
    ObjectNode report = Json.object();
    report.put("gateway", gateway);
    report.put("bootedAt", booted.toString());
    ObjectNode all = report.putObject("deployments");
    deployments.forEach(
        (name, load) -> {
          if (name.decided()) {
            write(all.putObject(key(name)), load);
          }
        });
    return report;
  }

  /** The route of an endpoint has its name in lower case. */
  private static String key(EndpointName name) {
    return name.project() + "/" + name.name().toLowerCase(Locale.ROOT) + "/" + name.deployment();
  }

  private static void write(ObjectNode out, EndpointLoad.Reading load) {
    out.put("inFlight", load.inFlight());
    out.put("held", load.held());
    out.put("tokensInFlight", load.tokensInFlight());
    out.put("requests", load.requests());
    load.last().ifPresent(last -> out.put("lastRequest", last.toString()));
    out.put("promptTokens", load.promptTokens());
    out.put("completionTokens", load.completionTokens());
  }
}
