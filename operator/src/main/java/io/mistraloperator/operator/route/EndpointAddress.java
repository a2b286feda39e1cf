package io.mistraloperator.operator.route;

import io.mistraloperator.operator.config.OperatorConfig;
import java.util.List;
import java.util.Locale;

/**
 * Where applications find an endpoint (rows A6.1 to A6.3).
 *
 * @param endpointName as the project wrote it
 * @param hosts lower-case host names
 * @param url base URL from outside
 * @param clusterUrl base URL from inside the cluster
 */
public record EndpointAddress(
    String endpointName, List<String> hosts, String url, String clusterUrl) {
  private static final int HTTPS = 443;

  /** The address of the endpoint of an object {@code name} in {@code namespace}. */
  public static EndpointAddress of(
      String endpointName, String namespace, String name, OperatorConfig config) {
    String label = endpointName.toLowerCase(Locale.ROOT);
    String host =
        label + "." + config.region() + ".inference." + config.domain().toLowerCase(Locale.ROOT);
    String inCluster = name + "." + namespace + ".svc";
    int port = config.gateway().publicPort();
    return new EndpointAddress(
        endpointName,
        List.of(host, inCluster, inCluster + ".cluster.local"),
        "https://" + host + (port == HTTPS ? "" : ":" + port),
        "https://" + inCluster);
  }

  /** Name of the route: what must be unique in the region, regardless of case. */
  public String routeName() {
    return endpointName.toLowerCase(Locale.ROOT);
  }
}
