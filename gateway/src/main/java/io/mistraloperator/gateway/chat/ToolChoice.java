package io.mistraloperator.gateway.chat;

/** Whether the model may, or must, call a tool. Without tools on offer there is no choice. */
public sealed interface ToolChoice {
  /** The model decides. */
  record Auto() implements ToolChoice {}

  /** At least one call. */
  record Required() implements ToolChoice {}

  /**
   * A call of this function.
   *
   * @param name one of the functions on offer
   */
  record Named(String name) implements ToolChoice {}
}
