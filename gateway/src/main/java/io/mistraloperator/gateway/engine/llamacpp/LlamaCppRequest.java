package io.mistraloperator.gateway.engine.llamacpp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.mistraloperator.gateway.chat.ChatRequest;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.chat.TextRequest;
import io.mistraloperator.gateway.chat.ToolChoice;
import io.mistraloperator.gateway.chat.Tools;
import io.mistraloperator.gateway.engine.CompletionRequest;
import io.mistraloperator.gateway.engine.Templates;
import java.util.List;

/** Writes requests for {@code llama-server}. */
public final class LlamaCppRequest {
  private LlamaCppRequest() {}

  /** The body of one chat completion. */
  public static ObjectNode write(ChatRequest asked, ModelFacts model, String servedModel) {
    ChatRequest request = Templates.fit(asked, model.tokenizer());
    ObjectNode body = CompletionRequest.write(request, servedModel);
    plainSampling(body);
    effort(body);
    if (body.path("logprobs").asBoolean() && body.path("top_logprobs").asInt() == 0) {
      // Zero switches log-probabilities off, absent means twenty.
      body.put("top_logprobs", 1);
    }
    tools(body, request.tools().loose());
    return body;
  }

  /** The server hands on to the template only what stands there. */
  private static void effort(ObjectNode body) {
    if (body.has("reasoning_effort")) {
      JsonNode effort = body.remove("reasoning_effort");
      body.putObject("chat_template_kwargs").set("reasoning_effort", effort);
    }
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
