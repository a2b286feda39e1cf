package io.mistraloperator.gateway.chat;

/**
 * Tokens of one request.
 *
 * @param prompt tokens read, after templating
 * @param completion tokens written
 */
public record Usage(long prompt, long completion) {
  /** Both together. */
  public long total() {
    return prompt + completion;
  }

  /** Tokens of two choices of one answer: the prompt counts once (row A22.2). */
  public Usage with(Usage other) {
    return new Usage(Math.max(prompt, other.prompt), completion + other.completion);
  }
}
