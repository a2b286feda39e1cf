package io.mistraloperator.gateway.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.api.EndpointAuth;
import io.mistraloperator.api.InferenceRouteSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The wire form of a route, in pieces: an operator that is newer than this gateway may have written
 * what it does not know, and a deployment that it cannot read must not cost those beside it.
 *
 * @param common all but the deployments
 * @param deployments what answers; each is read by itself
 */
record RouteForm(InferenceRouteSpec common, List<Piece> deployments) {
  /** Who may call is understood as a whole or not at all. */
  private static final ObjectMapper STRICT = JsonMapper.builder().build();

  private static final ObjectMapper TOLERANT =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private static final String AUTH = "auth";
  private static final String DEPLOYMENTS = "deployments";

  /** One deployment. */
  interface Piece {
    /**
     * Its name, for people.
     *
     * @return empty where it has none
     */
    Optional<String> name();

    /**
     * Reads it.
     *
     * @throws JsonProcessingException when something in it is of an unknown kind
     */
    InferenceRouteSpec.Deployment read() throws JsonProcessingException;
  }

  private record Known(InferenceRouteSpec.Deployment read) implements Piece {
    @Override
    public Optional<String> name() {
      return Optional.ofNullable(read.name());
    }
  }

  private record Unread(JsonNode tree) implements Piece {
    @Override
    public Optional<String> name() {
      return Optional.ofNullable(tree.path("name").textValue());
    }

    @Override
    public InferenceRouteSpec.Deployment read() throws JsonProcessingException {
      return TOLERANT.treeToValue(tree, InferenceRouteSpec.Deployment.class);
    }
  }

  /**
   * Takes {@code spec} to pieces.
   *
   * @param spec what the API server gave; null where there is none
   * @throws JsonProcessingException when what all deployments share cannot be read; the message
   *     names it
   */
  static RouteForm of(Object spec) throws JsonProcessingException {
    if (!(TOLERANT.valueToTree(spec) instanceof ObjectNode tree)) {
      throw new IllegalArgumentException("spec is missing");
    }
    JsonNode deployments = tree.path(DEPLOYMENTS);
    STRICT.treeToValue(tree.path(AUTH), EndpointAuth.class);
    var common =
        TOLERANT.treeToValue(tree.deepCopy().without(DEPLOYMENTS), InferenceRouteSpec.class);
    Stream<Piece> pieces =
        deployments.isArray()
            ? StreamSupport.stream(deployments.spliterator(), false).map(Unread::new)
            : common.served().stream().map(Known::new);
    return new RouteForm(common, pieces.toList());
  }
}
