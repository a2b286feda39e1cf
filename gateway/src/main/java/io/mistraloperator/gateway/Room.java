package io.mistraloperator.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.balance.Demand;
import io.mistraloperator.gateway.balance.Picker;
import io.mistraloperator.gateway.chat.Problem;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.chat.Sampling;
import io.mistraloperator.gateway.engine.Engine;
import io.mistraloperator.gateway.route.Deployment;
import io.mistraloperator.gateway.route.Instance;
import io.vertx.core.Future;
import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether the context has room for the tokens that a client asked for by number (rows A19.3, G3):
 * servers would quietly give fewer.
 */
final class Room {
  /** More tokens than a template puts around one message, or around all of them. */
  private static final int TEMPLATE_TOKENS = 32;

  /** Where a text to be continued stands; chats have messages. */
  private static final String PROMPT = "prompt";

  private Room() {}

  /**
   * Whether only a count can tell. No token is shorter than a byte, so most requests need none.
   * Images are left to the server, which bounds the answer by itself.
   *
   * @param body of the generation
   * @param context tokens of prompt and answer together
   */
  static boolean uncertain(Sampling sampling, ObjectNode body, int context) {
    if (!sampling.maxTokensGiven()) {
      return false;
    }
    long most = TEMPLATE_TOKENS + sampling.maxTokens().orElse(0);
    most += bytes(body.path(PROMPT).asText(""), context);
    for (JsonNode message : body.path("messages")) {
      if (message.path("content").isArray()) {
        return false;
      }
      most += TEMPLATE_TOKENS + bytes(message.path("content").asText(""), context);
      most += written(message.path("tool_calls"), context);
    }
    most += written(body.path("tools"), context);
    return most > context;
  }

  /** Templates write JSON with blanks of their own. */
  private static long written(JsonNode json, int context) {
    return json.isMissingNode() ? 0 : TEMPLATE_TOKENS + 2 * bytes(json.toString(), context);
  }

  /** Bytes of {@code text}; of one that has more characters than {@code context}, those. */
  private static long bytes(String text, int context) {
    return text.length() > context ? text.length() : text.getBytes(StandardCharsets.UTF_8).length;
  }

  /**
   * Asks an instance for the exact number.
   *
   * @param demand of a generation: the instance that will have it counts
   * @param body of the generation
   * @return the refusal when there is no room; empty when there is, and when nobody can tell
   */
  static Future<Optional<Refusal>> counted(
      Services services, Deployment deployment, Sampling sampling, Demand demand, ObjectNode body) {
    Optional<Picker.Lease> picked =
        services.picker().pick(services.instances().ready(deployment.service()), Set.of(), demand);
    if (picked.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    Instance instance = picked.get().instance();
    Engine engine = Engine.of(deployment.engine());
    return services
        .engines()
        .count(
            engine,
            SocketAddress.inetSocketAddress(instance.port(), instance.address()),
            engine.count(body))
        .onComplete(done -> picked.get().release())
        .map(
            tokens ->
                tokens.isPresent()
                    ? refusal(
                        body.has(PROMPT),
                        tokens.getAsLong(),
                        sampling.maxTokens().orElse(0),
                        deployment.model().contextLength())
                    : Optional.empty());
  }

  private static Optional<Refusal> refusal(boolean text, long prompt, int asked, int context) {
    if (prompt + asked <= context) {
      return Optional.empty();
    }
    String words =
        "the "
            + (text ? PROMPT : "conversation")
            + " has "
            + prompt
            + " tokens and "
            + asked
            + " are asked for: together more than the "
            + context
            + " that the model takes; ask for at most "
            + Math.max(0, context - prompt);
    return Optional.of(
        Refusal.of(
            List.of(
                new Problem(
                    List.of("body", prompt < context ? "max_tokens" : text ? PROMPT : "messages"),
                    "context_length_exceeded",
                    words,
                    Optional.of(IntNode.valueOf(asked))))));
  }
}
