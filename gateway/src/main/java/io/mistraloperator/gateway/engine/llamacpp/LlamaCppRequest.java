package io.mistraloperator.gateway.engine.llamacpp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.mistraloperator.gateway.chat.ChatRequest;
import io.mistraloperator.gateway.chat.Message;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.chat.Role;
import io.mistraloperator.gateway.chat.TextRequest;
import io.mistraloperator.gateway.chat.ToolChoice;
import io.mistraloperator.gateway.chat.Tools;
import io.mistraloperator.gateway.engine.CompletionRequest;
import io.mistraloperator.gateway.engine.ControlTokens;
import java.util.ArrayList;
import java.util.List;

/** Writes requests for {@code llama-server}. */
public final class LlamaCppRequest {
  /** What the assistant says where templates want a turn of its own; none of them takes silence. */
  private static final Message BRIDGE = Message.of(Role.ASSISTANT, "OK.");

  private LlamaCppRequest() {}

  /** The body of one chat completion. */
  public static ObjectNode write(ChatRequest asked, ModelFacts model, String servedModel) {
    // The template makes one text, in which the server looks for control tokens.
    ChatRequest request = bridged(ControlTokens.of(model.tokenizer()).inert(asked));
    ObjectNode body = CompletionRequest.write(request, servedModel);
    plainSampling(body);
    if (body.path("logprobs").asBoolean() && body.path("top_logprobs").asInt() == 0) {
      // Zero switches log-probabilities off, absent means twenty.
      body.put("top_logprobs", 1);
    }
    tools(body, request.tools());
    return body;
  }

  /** Templates of every generation refuse a user who speaks right after the results of tools. */
  private static ChatRequest bridged(ChatRequest request) {
    List<Message> messages = new ArrayList<>();
    for (Message message : request.messages()) {
      boolean interrupts = message.role() == Role.USER && !messages.isEmpty();
      if (interrupts && messages.getLast().role() == Role.TOOL) {
        messages.add(BRIDGE);
      }
      messages.add(message);
    }
    return request.withTexts(messages, request.tools());
  }

  /** The body of one text completion. */
  public static ObjectNode write(TextRequest request, String servedModel) {
    ObjectNode body = CompletionRequest.write(request, servedModel);
    plainSampling(body);
    // Zero switches log-probabilities off.
    request.logprobs().ifPresent(count -> body.put("logprobs", Math.max(1, count)));
    return body;
  }

  /** The server's own defaults (top_k 40, min_p 0.05) are not the contract's. */
  private static void plainSampling(ObjectNode body) {
    putIfAbsent(body, "top_k");
    putIfAbsent(body, "min_p");
  }

  private static void putIfAbsent(ObjectNode body, String name) {
    if (!body.has(name)) {
      body.put(name, 0);
    }
  }

  private static void tools(ObjectNode body, Tools tools) {
    if (tools.offered().isEmpty()) {
      return;
    }
    switch (tools.choice()) {
      case ToolChoice.Auto() ->
          CompletionRequest.tools(
              body, tools.offered(), TextNode.valueOf("auto"), tools.parallel());
      case ToolChoice.Required() ->
          CompletionRequest.tools(
              body, tools.offered(), TextNode.valueOf("required"), tools.parallel());
      case ToolChoice.Named(String name) ->
          // A named choice is read as "required": offering that tool alone means the same.
          CompletionRequest.tools(
              body, List.of(named(tools, name)), TextNode.valueOf("required"), tools.parallel());
    }
  }

  private static ObjectNode named(Tools tools, String name) {
    return tools.offered().stream()
        .filter(tool -> tool.path("function").path("name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
