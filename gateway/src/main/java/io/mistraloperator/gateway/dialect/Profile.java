package io.mistraloperator.gateway.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.dialect.rule.Extras;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * What one dialect knows.
 *
 * @param parameters names of the parameters of its requests
 * @param extrasRefused the refusal of other names in a body
 * @param mostTokensByDefault bound of an answer when the client sets none; empty: what the context
 *     leaves
 * @param usageApart whether a client may ask for usage in an event of its own
 */
public record Profile(
    Set<String> parameters,
    BiFunction<ObjectNode, List<String>, Refusal> extrasRefused,
    OptionalInt mostTokensByDefault,
    boolean usageApart) {
  /**
   * The part of a body that is to be read: without extras where the client wants them dropped.
   *
   * @throws Refusal when there are extras and the client has not said what to do with them
   */
  public ObjectNode admitted(ObjectNode body, Extras.Mode mode) {
    List<String> extras = Extras.names(body, parameters);
    if (mode == Extras.Mode.PASS_THROUGH || extras.isEmpty()) {
      return body;
    }
    if (mode == Extras.Mode.ERROR) {
      throw extrasRefused.apply(body, extras);
    }
    ObjectNode taken = body.deepCopy();
    taken.remove(extras);
    return taken;
  }
}
