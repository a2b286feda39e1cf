package io.mistraloperator.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * A chat request, checked, in no client's dialect.
 *
 * @param messages at least one; roles in an order that the model's template takes (row C3)
 * @param extras parameters that the engine gets as they are, by name (row B3)
 * @param stream whether the client wants events
 * @param usageApart whether the client wants usage in a last event of its own (row C5)
 */
public record ChatRequest(
    List<Message> messages,
    Sampling sampling,
    AnswerFormat format,
    Tools tools,
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
    return messages.stream().map(Message::text).mapToLong(String::length).sum();
  }
}
