package io.mistraloperator.gateway.chat;

import java.util.Optional;

/** A piece of a message. */
public sealed interface Part {
  /** Text; may be empty. */
  record Text(String text) implements Part {}

  /**
   * An image.
   *
   * @param url a {@code data:} URL with its bytes
   * @param detail how closely to look: auto, low or high
   */
  record Image(String url, Optional<String> detail) implements Part {}
}
