package io.mistraloperator.api;

/** An inference server. */
public enum Engine {
  /** llama.cpp's {@code llama-server}, GGUF files. */
  LlamaCpp,
  /** vLLM's OpenAI server, Hugging Face or Mistral folders. */
  VLLM
}
