package io.mistraloperator.gateway.chat;

import java.util.List;
import java.util.Optional;

/**
 * One turn of a conversation.
 *
 * @param text may be empty
 * @param toolCalls calls that an assistant wanted; empty for other roles
 * @param toolCallId the call that a tool message answers; empty for other roles
 */
public record Message(
    Role role, String text, List<ToolCall> toolCalls, Optional<String> toolCallId) {
  /** Takes a copy of the calls. */
  public Message {
    toolCalls = List.copyOf(toolCalls);
  }

  /** A message of text alone. */
  public static Message of(Role role, String text) {
    return new Message(role, text, List.of(), Optional.empty());
  }

  /** The same message with another text. */
  public Message withText(String other) {
    return new Message(role, other, toolCalls, toolCallId);
  }
}
