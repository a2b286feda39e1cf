package io.mistraloperator.gateway.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.ChatRequest;
import io.mistraloperator.gateway.chat.InferenceRequest;
import io.mistraloperator.gateway.chat.TextRequest;
import io.mistraloperator.gateway.json.Json;
import java.util.Map;

/**
 * What goes to an instance, and what must be remembered to read its answer.
 *
 * @param api that it is for
 * @param payload in the server's words
 * @param extras what of it the client passed through, by name
 * @param prefix what the answer begins with: servers send only what follows it
 * @param promptEstimate tokens to report for the prompt when the server does not count them
 * @param topLogprobs alternatives wanted for each token
 * @param parallelCalls whether more than the first tool call is wanted
 */
public record EngineRequest(
    Api api,
    Payload payload,
    Map<String, JsonNode> extras,
    String prefix,
    long promptEstimate,
    int topLogprobs,
    boolean parallelCalls) {
  private static final int CHARACTERS_PER_TOKEN = 4;

  /**
   * What goes to an instance for a request.
   *
   * @param body what {@link Engine#write} made of it
   */
  public static EngineRequest of(InferenceRequest request, ObjectNode body) {
    return new EngineRequest(
        request instanceof ChatRequest ? Api.CHAT : Api.TEXT,
        new Payload(Json.bytes(body)),
        request.extras(),
        request.prefix(),
        Math.max(1, request.promptLength() / CHARACTERS_PER_TOKEN),
        topLogprobs(request),
        request.tools().parallel());
  }

  private static int topLogprobs(InferenceRequest request) {
    return switch (request) {
      case ChatRequest chat ->
          chat.extras().containsKey("top_logprobs") ? chat.extras().get("top_logprobs").asInt() : 0;
      case TextRequest text -> text.logprobs().orElse(0);
    };
  }
}
