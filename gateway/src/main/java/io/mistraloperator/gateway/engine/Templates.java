package io.mistraloperator.gateway.engine;

import io.mistraloperator.api.MistralModelSpec.Tokenizer;
import io.mistraloperator.gateway.chat.ChatRequest;
import io.mistraloperator.gateway.chat.Message;
import io.mistraloperator.gateway.chat.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * What a conversation must be for the template of a repository: it makes one text, in which the
 * server looks for control tokens (row C2), and is strict about whose turn it is (row C3). vLLM in
 * Mistral mode has no template.
 */
public final class Templates {
  /** What the assistant says where templates want a turn of its own; none of them takes silence. */
  private static final Message BRIDGE = Message.of(Role.ASSISTANT, "OK.");

  private Templates() {}

  /** The same request, as the template of a model of this generation takes it. */
  public static ChatRequest fit(ChatRequest request, Tokenizer tokenizer) {
    return bridged(ControlTokens.of(tokenizer).inert(request));
  }

  /** Templates of every generation refuse a user who speaks right after the results of tools. */
  private static ChatRequest bridged(ChatRequest request) {
    List<Message> messages = new ArrayList<>();
    for (Message message : request.messages()) {
      boolean interrupts = message.role() == Role.USER && !messages.isEmpty();
      if (interrupts && messages.getLast().role() == Role.TOOL) {
        messages.add(BRIDGE);
      }
      messages.add(message);
    }
    return request.withTexts(messages, request.tools());
  }
}
