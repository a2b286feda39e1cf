package io.mistraloperator.gateway.dialect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.ToolCall;
import io.mistraloperator.gateway.chat.Usage;
import io.mistraloperator.gateway.json.Json;
import java.util.List;
import java.util.Optional;

/**
 * Keys of an answer that differ between dialects.
 *
 * @param showsNulls whether unused keys are present and null: {@code tool_calls}, {@code logprobs},
 *     {@code function.call_id}; a closed schema refuses them elsewhere
 * @param tokenArrays whether log-probabilities come as parallel arrays too (rows A19.7, G10)
 */
public record AnswerShape(boolean showsNulls, boolean tokenArrays) {
  /** The {@code logprobs} of one choice, where there is something to show. */
  void logprobs(ObjectNode choice, Optional<ObjectNode> logprobs) {
    if (logprobs.isPresent()) {
      choice.set("logprobs", logprobs.get());
    } else if (showsNulls) {
      choice.putNull("logprobs");
    }
  }

  /**
   * What {@code logprobs} holds of a piece of text.
   *
   * @param offset characters of the answer before it
   */
  ObjectNode logprobs(ArrayNode entries, int offset) {
    ObjectNode logprobs = Json.object();
    logprobs.set("content", entries);
    if (tokenArrays) {
      TokenArrays.add(logprobs, entries, offset);
    }
    return logprobs;
  }

  /** The calls of a whole answer. */
  void calls(ObjectNode message, List<ToolCall> calls) {
    if (calls.isEmpty()) {
      if (showsNulls) {
        message.putNull("tool_calls");
      }
      return;
    }
    ArrayNode array = message.putArray("tool_calls");
    for (ToolCall call : calls) {
      ObjectNode function = call(array.addObject(), call);
      if (showsNulls) {
        function.putNull("call_id");
      }
    }
  }

  /** Fills {@code node} with {@code call}; answers its {@code function} object. */
  static ObjectNode call(ObjectNode node, ToolCall call) {
    node.put("id", call.id());
    node.put("type", "function");
    return node.putObject("function").put("name", call.name()).put("arguments", call.arguments());
  }

  /** The {@code usage} object (row A9.7). */
  public static ObjectNode usage(Usage usage) {
    return Json.object()
        .put("prompt_tokens", usage.prompt())
        .put("total_tokens", usage.total())
        .put("completion_tokens", usage.completion());
  }
}
