package io.mistraloperator.gateway.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One turn of a conversation.
 *
 * @param parts one text, or texts and images in the order of the client
 * @param toolCalls calls that an assistant wanted; empty for other roles
 * @param toolCallId the call that a tool message answers; empty for other roles
 */
public record Message(
    Role role, List<Part> parts, List<ToolCall> toolCalls, Optional<String> toolCallId) {
  private static final String BLANK_LINE = "\n\n";

  /** Takes copies of the lists. */
  public Message {
    parts = List.copyOf(parts);
    toolCalls = List.copyOf(toolCalls);
  }

  /**
   * A message without images.
   *
   * @param text may be empty
   */
  public Message(Role role, String text, List<ToolCall> toolCalls, Optional<String> toolCallId) {
    this(role, List.of(new Part.Text(text)), toolCalls, toolCallId);
  }

  /** A message of text alone. */
  public static Message of(Role role, String text) {
    return new Message(role, text, List.of(), Optional.empty());
  }

  /** Its text, without images; may be empty. */
  public String text() {
    if (parts.size() == 1 && parts.getFirst() instanceof Part.Text(String only)) {
      return only;
    }
    return parts.stream()
        .filter(Part.Text.class::isInstance)
        .map(part -> ((Part.Text) part).text())
        .collect(Collectors.joining("\n"));
  }

  /** Whether it holds anything but text. */
  public boolean hasImages() {
    return parts.stream().anyMatch(Part.Image.class::isInstance);
  }

  /** This message and one of the same role after it, as one: texts are a blank line apart. */
  public Message and(Message after) {
    if (hasImages() || after.hasImages()) {
      List<Part> all = new ArrayList<>(parts);
      all.addAll(after.parts);
      all.removeIf(part -> part.equals(new Part.Text("")));
      return new Message(role, all, after.toolCalls, Optional.empty());
    }
    return new Message(role, joined(text(), after.text()), after.toolCalls, Optional.empty());
  }

  private static String joined(String before, String after) {
    return after.isEmpty() ? before : before.isEmpty() ? after : before + BLANK_LINE + after;
  }
}
