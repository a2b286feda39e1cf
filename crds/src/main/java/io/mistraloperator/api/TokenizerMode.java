package io.mistraloperator.api;

/** What vLLM makes the prompt of a conversation with. */
public enum TokenizerMode {
  /** The template of the weights' repository: one text, in which it looks for control tokens. */
  HuggingFace,
  /** Mistral's own tokenizer, message by message. */
  Mistral,
  /** Whichever of the two the files are for. */
  Auto
}
