package io.mistraloperator.operator.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Tells whether an object is what was applied last. The digest of that form stands on the object
 * itself, so it says as well that nothing more was applied which would now have to go.
 */
final class Forms {
  static final String DIGEST = "mistraloperator.io/applied";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private Forms() {}

  /** Digest of a wanted form that is not signed; the same in every process. */
  static String digest(HasMetadata wanted) {
    try {
      var sorted = JSON.convertValue(tree(wanted), Object.class);
      return Hashes.sha256(JSON.writeValueAsString(sorted));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes the digest of a wanted form on it. */
  static void sign(HasMetadata wanted, String digest) {
    var signed = annotations(wanted);
    signed.put(DIGEST, digest);
    wanted.getMetadata().setAnnotations(signed);
  }

  /**
   * Whether this very form was applied last and still holds. Where the server writes a value in
   * another way, or others added to a list, the answer is no, which costs an apply.
   */
  static boolean isApplied(HasMetadata wanted, String digest, HasMetadata actual) {
    return digest.equals(annotations(actual).get(DIGEST)) && holds(tree(wanted), tree(actual));
  }

  private static boolean holds(JsonNode wanted, JsonNode actual) {
    if (actual == null) {
      return false;
    }
    if (wanted.isObject()) {
      return wanted.properties().stream()
          .allMatch(field -> holds(field.getValue(), actual.get(field.getKey())));
    }
    if (wanted.isArray()) {
      return wanted.size() == actual.size()
          && IntStream.range(0, wanted.size()).allMatch(i -> holds(wanted.get(i), actual.get(i)));
    }
    return wanted.equals(actual);
  }

  private static JsonNode tree(HasMetadata object) {
    try {
      return JSON.readTree(Serialization.asJson(object));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> annotations(HasMetadata object) {
    return new TreeMap<>(
        Optional.ofNullable(object.getMetadata().getAnnotations()).orElse(Map.of()));
  }
}
