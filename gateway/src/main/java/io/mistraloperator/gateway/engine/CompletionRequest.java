package io.mistraloperator.gateway.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.AnswerFormat;
import io.mistraloperator.gateway.chat.ChatRequest;
import io.mistraloperator.gateway.chat.InferenceRequest;
import io.mistraloperator.gateway.chat.Message;
import io.mistraloperator.gateway.chat.Part;
import io.mistraloperator.gateway.chat.Role;
import io.mistraloperator.gateway.chat.Sampling;
import io.mistraloperator.gateway.chat.TextRequest;
import io.mistraloperator.gateway.chat.ToolCall;
import io.mistraloperator.gateway.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The part of a completion request, of a chat or a text, that both servers read alike. Extras are
 * written first, so that none of them can replace what the gateway decided.
 */
public final class CompletionRequest {
  private CompletionRequest() {}

  /** Everything but tools and what is peculiar to one server. */
  public static ObjectNode write(ChatRequest request, String servedModel) {
    ObjectNode body = begun(request, servedModel);
    body.set("messages", messages(request.messages()));
    sampling(body, request.sampling());
    format(body, request.format());
    streamed(body);
    return body;
  }

  /** Everything but what is peculiar to one server. */
  public static ObjectNode write(TextRequest request, String servedModel) {
    ObjectNode body = begun(request, servedModel);
    body.put("prompt", request.prompt());
    sampling(body, request.sampling());
    request.logprobs().ifPresent(alternatives -> body.put("logprobs", alternatives));
    streamed(body);
    return body;
  }

  private static ObjectNode begun(InferenceRequest request, String servedModel) {
    ObjectNode body = Json.object();
    for (Map.Entry<String, JsonNode> extra : request.extras().entrySet()) {
      body.set(extra.getKey(), extra.getValue());
    }
    return body.put("model", servedModel);
  }

  private static void streamed(ObjectNode body) {
    body.put("stream", true);
    body.putObject("stream_options").put("include_usage", true);
  }

  /** Puts the offer of tools, with {@code choice} as the server spells it. */
  public static void tools(
      ObjectNode body, List<ObjectNode> offered, JsonNode choice, boolean parallel) {
    ArrayNode tools = body.putArray("tools");
    offered.forEach(tools::add);
    body.set("tool_choice", choice);
    body.put("parallel_tool_calls", parallel);
  }

  private static ArrayNode messages(List<Message> messages) {
    ArrayNode array = Json.array();
    for (Message message : messages) {
      ObjectNode node = array.addObject();
      node.put("role", message.role().word());
      if (message.role() == Role.ASSISTANT && !message.toolCalls().isEmpty()) {
        // Templates would take an empty text beside calls as a turn of its own (C2.6).
        node.put("content", message.text().isEmpty() ? null : message.text());
        calls(node.putArray("tool_calls"), message.toolCalls());
      } else if (message.hasImages()) {
        parts(node.putArray("content"), message.parts());
      } else {
        node.put("content", message.text());
      }
      message.toolCallId().ifPresent(id -> node.put("tool_call_id", id));
    }
    return array;
  }

  private static void parts(ArrayNode array, List<Part> parts) {
    for (Part part : parts) {
      switch (part) {
        case Part.Text(String text) -> array.addObject().put("type", "text").put("text", text);
        case Part.Image(String url, Optional<String> detail) -> {
          ObjectNode image = array.addObject().put("type", "image_url").putObject("image_url");
          image.put("url", url);
          detail.ifPresent(how -> image.put("detail", how));
        }
      }
    }
  }

  private static void calls(ArrayNode array, List<ToolCall> calls) {
    for (ToolCall call : calls) {
      ObjectNode node = array.addObject();
      node.put("id", call.id());
      node.put("type", "function");
      node.putObject("function").put("name", call.name()).put("arguments", call.arguments());
    }
  }

  private static void sampling(ObjectNode body, Sampling sampling) {
    body.put("temperature", sampling.temperature());
    body.put("top_p", sampling.topP());
    body.put("presence_penalty", sampling.presencePenalty());
    body.put("frequency_penalty", sampling.frequencyPenalty());
    sampling.maxTokens().ifPresent(max -> body.put("max_tokens", Math.max(1, max)));
    sampling.seed().ifPresent(seed -> body.put("seed", seed));
    if (!sampling.stop().isEmpty()) {
      ArrayNode stop = body.putArray("stop");
      sampling.stop().forEach(stop::add);
    }
  }

  private static void format(ObjectNode body, AnswerFormat format) {
    switch (format) {
      case AnswerFormat.Text() -> {}
      case AnswerFormat.JsonObject() ->
          body.putObject("response_format").put("type", "json_object");
      case AnswerFormat.JsonSchema(ObjectNode definition) -> {
        ObjectNode node = body.putObject("response_format");
        node.put("type", "json_schema");
        node.set("json_schema", definition);
      }
    }
  }
}
