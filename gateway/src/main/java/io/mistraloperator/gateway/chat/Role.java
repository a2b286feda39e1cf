package io.mistraloperator.gateway.chat;

import java.util.Locale;

/** Who says a message. */
public enum Role {
  /** The application's instructions. */
  SYSTEM,
  /** The person. */
  USER,
  /** The model. */
  ASSISTANT,
  /** The result of a call. */
  TOOL;

  /** The word on the wire. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
