package io.mistraloperator.gateway.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.dialect.rule.Extras;
import io.mistraloperator.gateway.dialect.rule.Problems;
import io.mistraloperator.gateway.json.Json;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What one dialect knows.
 *
 * @param parameters names of the parameters of its requests
 * @param extrasRefused how other names in a body are refused
 * @param mostTokensByDefault bound of an answer when the client sets none; empty: what the context
 *     leaves
 * @param usageApart whether a client may ask for usage in an event of its own
 */
public record Profile(
    Set<String> parameters,
    ExtrasRefused extrasRefused,
    OptionalInt mostTokensByDefault,
    boolean usageApart) {
  /** Refuses names that a dialect does not know. */
  @FunctionalInterface
  public interface ExtrasRefused {
    /**
     * Notes them, so that the rest is read too.
     *
     * @throws Refusal where the dialect tells them by themselves
     */
    void note(ObjectNode body, List<String> names, Problems problems);
  }

  /**
   * The part of a body that is to be read: with extras only where they go on to the engine.
   *
   * @throws Refusal when there are extras, the client has not said what to do with them, and the
   *     dialect tells them by themselves
   */
  public ObjectNode admitted(ObjectNode body, Extras.Mode mode, Problems problems) {
    List<String> extras = Extras.names(body, parameters);
    if (mode == Extras.Mode.PASS_THROUGH || extras.isEmpty()) {
      return body;
    }
    if (mode == Extras.Mode.ERROR) {
      extrasRefused.note(body, extras, problems);
    }
    ObjectNode taken = Json.object();
    taken.setAll(body);
    taken.remove(extras);
    return taken;
  }
}
