package io.mistraloperator.gateway.engine.vllm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.mistraloperator.api.MistralModelSpec.Tokenizer;
import io.mistraloperator.gateway.chat.ChatRequest;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.chat.Sampling;
import io.mistraloperator.gateway.chat.TextRequest;
import io.mistraloperator.gateway.chat.ToolChoice;
import io.mistraloperator.gateway.chat.Tools;
import io.mistraloperator.gateway.engine.CompletionRequest;
import io.mistraloperator.gateway.engine.Templates;
import io.mistraloperator.gateway.json.Json;

/** Writes requests for vLLM. */
public final class VllmRequest {
  /** The server wants top_p above zero; this much leaves the likeliest token alone. */
  private static final double LEAST_TOP_P = 1e-6;

  private VllmRequest() {}

  /** The body of one chat completion. */
  public static ObjectNode write(ChatRequest asked, ModelFacts model, String servedModel) {
    ChatRequest request = model.templated() ? Templates.fit(asked, model.tokenizer()) : asked;
    ObjectNode body = CompletionRequest.write(request, servedModel);
    topP(body, request.sampling());
    if (model.tokenizer().compareTo(Tokenizer.V13Tekken) < 0) {
      dropTextBesideCalls(body);
    }
    if (request.continued()) {
      body.put("continue_final_message", true);
      body.put("add_generation_prompt", false);
    }
    boolean strict = model.tokenizer().compareTo(Tokenizer.V11Tekken) >= 0;
    tools(body, strict ? request.tools() : request.tools().loose());
    return body;
  }

  /** The body of one text completion. */
  public static ObjectNode write(TextRequest request, String servedModel) {
    ObjectNode body = CompletionRequest.write(request, servedModel);
    topP(body, request.sampling());
    return body;
  }

  private static void topP(ObjectNode body, Sampling sampling) {
    body.put("top_p", Math.max(LEAST_TOP_P, sampling.topP()));
  }

  private static void dropTextBesideCalls(ObjectNode body) {
    for (JsonNode message : body.path("messages")) {
      if (message.has("tool_calls") && message instanceof ObjectNode object) {
        object.putNull("content");
      }
    }
  }

  private static void tools(ObjectNode body, Tools tools) {
    if (!tools.offered().isEmpty()) {
      CompletionRequest.tools(body, tools.offered(), choice(tools.choice()), tools.parallel());
    }
  }

  private static JsonNode choice(ToolChoice choice) {
    return switch (choice) {
      case ToolChoice.Auto() -> TextNode.valueOf("auto");
      case ToolChoice.Required() -> TextNode.valueOf("required");
      case ToolChoice.Named(String name) -> {
        ObjectNode node = Json.object();
        node.put("type", "function");
        node.putObject("function").put("name", name);
        yield node;
      }
    };
  }
}
