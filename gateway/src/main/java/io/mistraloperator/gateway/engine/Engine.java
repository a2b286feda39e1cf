package io.mistraloperator.gateway.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.ChatRequest;
import io.mistraloperator.gateway.chat.InferenceRequest;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.chat.TextRequest;
import io.mistraloperator.gateway.engine.llamacpp.LlamaCppRequest;
import io.mistraloperator.gateway.engine.vllm.VllmRequest;
import io.mistraloperator.gateway.json.Json;

/** A kind of inference server. */
public sealed interface Engine {
  /** The engine that the route's word stands for. */
  static Engine of(io.mistraloperator.api.Engine kind) {
    return switch (kind) {
      case LlamaCpp -> new LlamaCpp();
      case VLLM -> new Vllm();
    };
  }

  /** Characters of text per token, where a server does not count its prompt. */
  int CHARACTERS_PER_TOKEN = 4;

  /**
   * What goes to an instance.
   *
   * @param servedModel name under which the server knows the model
   */
  default EngineRequest order(InferenceRequest request, ModelFacts model, String servedModel) {
    long estimate = Math.max(1, request.promptLength() / CHARACTERS_PER_TOKEN);
    return switch (request) {
      case ChatRequest chat ->
          new EngineRequest(
              Api.CHAT,
              Json.bytes(write(chat, model, servedModel)),
              chat.prefix(),
              estimate,
              chat.extras().containsKey("top_logprobs")
                  ? chat.extras().get("top_logprobs").asInt()
                  : 0,
              chat.tools().parallel());
      case TextRequest text ->
          new EngineRequest(
              Api.TEXT,
              Json.bytes(write(text, servedModel)),
              text.prefix(),
              estimate,
              text.logprobs().orElse(0),
              false);
    };
  }

  /**
   * The body for the server's {@code POST /v1/chat/completions}.
   *
   * @param servedModel name under which the server knows the model
   */
  ObjectNode write(ChatRequest request, ModelFacts model, String servedModel);

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
    public boolean keepsConnections() {
      return true;
    }
  }
}
