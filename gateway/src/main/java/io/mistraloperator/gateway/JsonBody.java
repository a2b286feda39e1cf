package io.mistraloperator.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Given;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.json.Json;
import java.util.Locale;
import java.util.Optional;

/** A body is one JSON object and says so (rows B0.9, G15). */
final class JsonBody {
  private static final String TYPE = "application/json";
  private static final String PLAIN = "identity";

  private JsonBody() {}

  /**
   * Looks at what the head says of the body; nothing said is taken for JSON.
   *
   * @throws Refusal when it is said to be something else
   */
  static void requireType(Head head) {
    String type = head.header("content-type").orElse(TYPE);
    String plain = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!plain.equals(TYPE)) {
      throw Refusal.of(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE,
          "Content-Type must be " + TYPE + " (" + Given.words(type) + ").");
    }
    String encoding = head.header("content-encoding").orElse(PLAIN).strip();
    if (!encoding.equalsIgnoreCase(PLAIN)) {
      throw Refusal.of(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE,
          "Content-Encoding must be left out: send the body uncompressed ("
              + Given.words(encoding)
              + ").");
    }
  }

  /**
   * The object that a body is.
   *
   * @throws Refusal when it is not one JSON object
   */
  static ObjectNode object(byte[] bytes) {
    Optional<JsonNode> value = Json.body(bytes);
    if (value.isPresent() && value.get() instanceof ObjectNode object) {
      return object;
    }
    throw Refusal.of(
        ErrorCode.INVALID_JSON,
        "The body must be one JSON object ("
            + value.map(Given::words).orElseGet(() -> Json.fault(bytes))
            + ").");
  }
}
