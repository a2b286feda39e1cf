package io.mistraloperator.gateway.dialect.rule;

import io.mistraloperator.gateway.chat.Message;
import io.mistraloperator.gateway.chat.Role;
import java.util.ArrayList;
import java.util.List;

/** The safety prompt that a client may ask for (row A14). */
public final class SafePrompt {
  /** The fixed text (row A14.2). */
  public static final String TEXT =
      "Always assist with care, respect, and truth. Respond with utmost utility yet securely."
          + " Avoid harmful, unethical, prejudiced, or negative content. Ensure replies promote"
          + " fairness and positivity.";

  private SafePrompt() {}

  /** {@code messages} with the text as the first system message. */
  public static List<Message> before(List<Message> messages) {
    List<Message> all = new ArrayList<>(messages.size() + 1);
    all.add(Message.of(Role.SYSTEM, TEXT));
    all.addAll(messages);
    return all;
  }
}
