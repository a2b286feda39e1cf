package io.mistraloperator.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * A chat request, checked, in no client's dialect.
 *
 * @param messages at least one; roles in an order that the model's template takes (row C3)
 * @param continued whether the answer continues the last message, which is the assistant's
 * @param choices answers wanted, at least 1 (row A13.4)
 * @param extras parameters that the engine gets as they are, by name (row B3)
 * @param stream whether the client wants events
 * @param usageApart whether the client wants usage in a last event of its own (row C5)
 */
public record ChatRequest(
    List<Message> messages,
    boolean continued,
    Sampling sampling,
    AnswerFormat format,
    Tools tools,
    int choices,
    Map<String, JsonNode> extras,
    boolean stream,
    boolean usageApart)
    implements InferenceRequest {
  /** Takes copies of the collections. */
  public ChatRequest {
    messages = List.copyOf(messages);
    extras = Map.copyOf(extras);
  }

  @Override
  public long promptLength() {
    long characters = 0;
    for (Message message : messages) {
      characters += message.text().length();
    }
    return characters;
  }

  /** The same request with other messages and tools. */
  public ChatRequest withTexts(List<Message> messages, Tools tools) {
    return new ChatRequest(
        messages, continued, sampling, format, tools, choices, extras, stream, usageApart);
  }

  @Override
  public String prefix() {
    return continued ? messages.getLast().text() : "";
  }

  @Override
  public ChatRequest choice(int choice) {
    return new ChatRequest(
        messages, continued, sampling.seeded(choice), format, tools, 1, extras, stream, usageApart);
  }
}
