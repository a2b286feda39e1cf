package io.mistraloperator.gateway.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.ChatRequest;
import io.mistraloperator.gateway.chat.InferenceRequest;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.chat.TextRequest;
import io.mistraloperator.gateway.engine.llamacpp.LlamaCppRequest;
import io.mistraloperator.gateway.engine.vllm.VllmRequest;
import io.mistraloperator.gateway.json.Json;
import java.util.List;

/** A kind of inference server. */
public sealed interface Engine {
  /** The engine that the route's word stands for. */
  static Engine of(io.mistraloperator.api.Engine kind) {
    return switch (kind) {
      case LlamaCpp -> new LlamaCpp();
      case VLLM -> new Vllm();
    };
  }

  /**
   * The body of one generation.
   *
   * @param servedModel name under which the server knows the model
   */
  default ObjectNode write(InferenceRequest request, ModelFacts model, String servedModel) {
    return switch (request) {
      case ChatRequest chat -> write(chat, model, servedModel);
      case TextRequest text -> write(text, servedModel);
    };
  }

  /**
   * The body for the server's {@code POST /v1/chat/completions}.
   *
   * @param servedModel name under which the server knows the model
   */
  ObjectNode write(ChatRequest request, ModelFacts model, String servedModel);

  /** Asks the server how many tokens what a {@linkplain #write body} is about has. */
  CountRequest count(ObjectNode body);

  /**
   * The body for the server's {@code POST /v1/completions}.
   *
   * @param servedModel name under which the server knows the model
   */
  ObjectNode write(TextRequest request, String servedModel);

  /**
   * Whether a connection may be used again after a streamed answer. A server that closes it without
   * saying so would break the next request.
   */
  boolean keepsConnections();

  /** llama.cpp's {@code llama-server}. */
  record LlamaCpp() implements Engine {
    @Override
    public ObjectNode write(ChatRequest request, ModelFacts model, String servedModel) {
      return LlamaCppRequest.write(request, model, servedModel);
    }

    @Override
    public ObjectNode write(TextRequest request, String servedModel) {
      return LlamaCppRequest.write(request, servedModel);
    }

    @Override
    public CountRequest count(ObjectNode body) {
      if (body.has("prompt")) {
        ObjectNode text = Json.object().put("add_special", true);
        return new CountRequest("/tokenize", text.set("content", body.get("prompt")), "tokens");
      }
      return CountRequest.of(
          "/v1/chat/completions/input_tokens", body, List.of("messages", "tools"), "input_tokens");
    }

    @Override
    public boolean keepsConnections() {
      return false;
    }
  }

  /** vLLM's OpenAI server. */
  record Vllm() implements Engine {
    @Override
    public ObjectNode write(ChatRequest request, ModelFacts model, String servedModel) {
      return VllmRequest.write(request, model, servedModel);
    }

    @Override
    public ObjectNode write(TextRequest request, String servedModel) {
      return VllmRequest.write(request, servedModel);
    }

    @Override
    public CountRequest count(ObjectNode body) {
      return CountRequest.of(
          "/tokenize",
          body,
          List.of(
              "model",
              "prompt",
              "messages",
              "tools",
              "add_generation_prompt",
              "continue_final_message"),
          "count");
    }

    @Override
    public boolean keepsConnections() {
      return true;
    }
  }
}
