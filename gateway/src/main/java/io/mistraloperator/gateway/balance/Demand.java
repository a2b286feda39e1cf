package io.mistraloperator.gateway.balance;

import io.mistraloperator.gateway.chat.ChatRequest;
import io.mistraloperator.gateway.chat.InferenceRequest;
import io.mistraloperator.gateway.chat.Message;
import io.mistraloperator.gateway.chat.Role;
import io.mistraloperator.gateway.chat.TextRequest;
import java.util.List;

/**
 * What one request asks of an instance.
 *
 * @param prefix hash of the beginning of its conversation: requests with the same one find their
 *     prompt's beginning in an instance's cache
 * @param tokens of prompt and answer as far as they can be foreseen, at least 1
 */
public record Demand(long prefix, long tokens) {
  /** Characters of a conversation that make its prefix. */
  static final int PREFIX_LENGTH = 256;

  /** Few answers are longer, whatever {@code max_tokens} allows. */
  private static final int USUAL_ANSWER = 512;

  /**
   * The demand of a request.
   *
   * @param promptTokens estimate of its prompt
   */
  public static Demand of(InferenceRequest request, long promptTokens) {
    int answer = Math.min(USUAL_ANSWER, request.sampling().maxTokens().orElse(USUAL_ANSWER));
    long prefix =
        switch (request) {
          case ChatRequest chat -> prefix(chat.messages());
          case TextRequest text -> prefix(List.of(Message.of(Role.USER, text.prompt())));
        };
    return new Demand(prefix, Math.max(1, promptTokens + answer));
  }

  /** Up to the first word of the user at most, so that all turns of a conversation share it. */
  static long prefix(List<Message> messages) {
    long hash = Hashes.START;
    int left = PREFIX_LENGTH;
    for (Message message : messages) {
      hash = Hashes.next(hash, message.role().ordinal());
      String text = message.text();
      for (int i = 0; i < text.length() && left > 0; i++, left--) {
        hash = Hashes.next(hash, text.charAt(i));
      }
      if (left == 0 || message.role() == Role.USER) {
        break;
      }
    }
    return Hashes.mixed(hash);
  }
}
