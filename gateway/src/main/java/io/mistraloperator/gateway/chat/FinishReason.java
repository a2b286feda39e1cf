package io.mistraloperator.gateway.chat;

import java.util.Locale;

/** Why an answer ended. */
public enum FinishReason {
  /** The model was done, or said a stop text. */
  STOP,
  /** The token limit was reached. */
  LENGTH,
  /** The model wants tools called. */
  TOOL_CALLS;

  /** The word on the wire. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
