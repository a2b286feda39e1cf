package io.mistraloperator.operator.scaling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one gateway says of the deployments that it serves.
 *
 * @param bootedAt when the gateway started; what it counts starts there
 * @param deployments load by name of the route, a slash and name of the deployment; one that is not
 *     there has none
 */
record LoadReport(Instant bootedAt, Map<String, EndpointLoad> deployments) {
  private static final String EARLIER = "endpoints";
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Load of one deployment on one gateway.
   *
   * @param inFlight requests that an instance works on
   * @param held requests that wait for an instance
   * @param lastRequest when the last request came or ended
   */
  record EndpointLoad(int inFlight, int held, Optional<Instant> lastRequest) {
    static final EndpointLoad NONE = new EndpointLoad(0, 0, Optional.empty());
  }

  /**
   * Reads the answer of a gateway. Deployments are named {@code namespace/route/deployment}; the
   * route is unique in the region. Gateways before there were several deployments behind one
   * endpoint name {@code endpoints}, as {@code namespace/route}.
   *
   * @throws IllegalArgumentException when it is not such an answer; says what is wrong with it
   */
  static LoadReport parse(String json) {
    try {
      JsonNode root = JSON.readTree(json);
      Map<String, EndpointLoad> deployments = new HashMap<>();
      required(root, root.has(EARLIER) ? EARLIER : "deployments")
          .properties()
          .forEach(entry -> deployments.put(inRegion(entry.getKey()), load(entry.getValue())));
      return new LoadReport(
          Instant.parse(required(root, "bootedAt").asText()), Map.copyOf(deployments));
    } catch (JsonProcessingException | DateTimeException e) {
      throw new IllegalArgumentException("its answer is not a report of load", e);
    }
  }

  /** The load of a deployment, named by its route, a slash and its name. */
  EndpointLoad of(String deployment) {
    String route = deployment.substring(0, deployment.indexOf('/'));
    return deployments.getOrDefault(deployment, deployments.getOrDefault(route, EndpointLoad.NONE));
  }

  private static String inRegion(String key) {
    return key.substring(key.indexOf('/') + 1);
  }

  private static EndpointLoad load(JsonNode node) {
    return new EndpointLoad(
        count(node, "inFlight"),
        count(node, "held"),
        node.hasNonNull("lastRequest")
            ? Optional.of(Instant.parse(node.get("lastRequest").asText()))
            : Optional.empty());
  }

  private static int count(JsonNode node, String field) {
    JsonNode value = required(node, field);
    if (!value.canConvertToInt() || value.asInt() < 0) {
      throw new IllegalArgumentException(field + " in its answer must be a number from 0");
    }
    return value.asInt();
  }

  private static JsonNode required(JsonNode node, String field) {
    if (!node.hasNonNull(field)) {
      throw new IllegalArgumentException("its answer has no field " + field);
    }
    return node.get(field);
  }
}
