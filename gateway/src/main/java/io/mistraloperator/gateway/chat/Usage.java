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
}
