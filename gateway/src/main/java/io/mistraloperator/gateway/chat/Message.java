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
  private static final Part EMPTY = new Part.Text("");

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

  /**
   * Neighbours of the same role as one message: texts are a blank line apart.
   *
   * @param neighbours at least one, all but the last without tool calls
   */
  public static Message joined(List<Message> neighbours) {
    Message last = neighbours.getLast();
    if (neighbours.size() == 1) {
      return last;
    }
    List<Part> parts = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (Message message : neighbours) {
      if (message.hasImages()) {
        flush(texts, parts);
        message.parts.stream().filter(part -> !part.equals(EMPTY)).forEach(parts::add);
      } else if (!message.text().isEmpty()) {
        texts.add(message.text());
      }
    }
    flush(texts, parts);
    return new Message(
        last.role, parts.isEmpty() ? List.of(EMPTY) : parts, last.toolCalls, Optional.empty());
  }

  private static void flush(List<String> texts, List<Part> parts) {
    if (!texts.isEmpty()) {
      parts.add(new Part.Text(String.join(BLANK_LINE, texts)));
      texts.clear();
    }
  }
}
