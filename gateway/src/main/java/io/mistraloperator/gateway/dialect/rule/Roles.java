package io.mistraloperator.gateway.dialect.rule;

import com.fasterxml.jackson.databind.node.TextNode;
import io.mistraloperator.gateway.chat.Message;
import io.mistraloperator.gateway.chat.Role;
import io.mistraloperator.gateway.chat.ToolCall;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The order of roles: what a conversation must be, and what templates want it to be (row C3). */
public final class Roles {
  private static final String BLANK_LINE = "\n\n";

  private Roles() {}

  /**
   * Notes what no model can take: a conversation that starts or ends with the assistant, results
   * that do not match the calls before them (row C2.7).
   *
   * @param continued whether the answer continues the last message
   */
  public static void check(List<Message> messages, boolean continued, Problems problems) {
    Optional<Integer> first = firstNonSystem(messages);
    first
        .filter(i -> messages.get(i).role() == Role.ASSISTANT)
        .ifPresent(i -> note(problems, i, "a conversation starts with the user", messages));
    int last = messages.size() - 1;
    if (last >= 0 && messages.get(last).role() == Role.ASSISTANT && !continued) {
      note(
          problems,
          last,
          "a conversation ends with the user or with tool results, or with an assistant message"
              + " whose prefix is true",
          messages);
    }
    boolean afterCalls = false;
    for (int i = 0; i < messages.size(); i++) {
      if (messages.get(i).role() != Role.TOOL) {
        afterCalls = !messages.get(i).toolCalls().isEmpty();
      } else if (!afterCalls) {
        note(problems, i, "a tool message follows the assistant message with its call", messages);
      }
      if (!messages.get(i).toolCalls().isEmpty() && i < last) {
        results(messages, i, problems);
      }
    }
  }

  private static Optional<Integer> firstNonSystem(List<Message> messages) {
    for (int i = 0; i < messages.size(); i++) {
      if (messages.get(i).role() != Role.SYSTEM) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  private static void results(List<Message> messages, int calling, Problems problems) {
    Set<String> open = new LinkedHashSet<>();
    messages.get(calling).toolCalls().stream().map(ToolCall::id).forEach(open::add);
    int results = 0;
    for (int i = calling + 1;
        i < messages.size() && messages.get(i).role() == Role.TOOL;
        i++, results++) {
      Optional<String> id = messages.get(i).toolCallId();
      if (id.isPresent() && !open.remove(id.get())) {
        note(problems, i, "tool_call_id answers no call of the message before, or twice", messages);
      }
    }
    int calls = messages.get(calling).toolCalls().size();
    if (results != calls) {
      note(
          problems,
          calling,
          calls + " tool calls need as many tool messages after them, not " + results,
          messages);
    }
  }

  private static void note(Problems problems, int index, String message, List<Message> messages) {
    problems.add(
        List.of("messages", Integer.toString(index)),
        "invalid_order",
        message,
        TextNode.valueOf(messages.get(index).role().word()));
  }

  /**
   * The same conversation in an order that every template of its generation takes. System texts
   * become one leading message, or join the next user message where the template has no system
   * role; neighbours of the same role become one; results without an id get the id of the call in
   * their place.
   *
   * @param continued whether the answer continues the last message, which then stays the last
   */
  public static List<Message> arranged(
      List<Message> messages, boolean systemRole, boolean continued) {
    if (continued) {
      List<Message> all =
          new ArrayList<>(arranged(messages.subList(0, messages.size() - 1), systemRole, false));
      all.add(messages.getLast());
      return all;
    }
    // Tokenizers refuse an assistant that says and wants nothing.
    List<Message> saying = messages.stream().filter(m -> !silent(m)).toList();
    List<Message> placed = systemRole ? systemFirst(saying) : systemIntoUser(saying);
    return withResultIds(merged(placed));
  }

  private static boolean silent(Message message) {
    return message.role() == Role.ASSISTANT
        && message.text().isEmpty()
        && message.toolCalls().isEmpty();
  }

  private static List<Message> systemFirst(List<Message> messages) {
    List<String> system = texts(messages, Role.SYSTEM);
    List<Message> others = messages.stream().filter(m -> m.role() != Role.SYSTEM).toList();
    if (system.isEmpty()) {
      return others;
    }
    String text = String.join(BLANK_LINE, system);
    // Templates put system text into a user turn: without one to answer it would vanish.
    if (others.isEmpty() || others.getLast().role() == Role.ASSISTANT) {
      List<Message> all = new ArrayList<>(others);
      all.add(Message.of(Role.USER, text));
      return all;
    }
    List<Message> all = new ArrayList<>(others.size() + 1);
    all.add(Message.of(Role.SYSTEM, text));
    all.addAll(others);
    return all;
  }

  private static List<Message> systemIntoUser(List<Message> messages) {
    List<Message> all = new ArrayList<>();
    List<String> waiting = new ArrayList<>();
    for (Message message : messages) {
      if (message.role() == Role.SYSTEM) {
        waiting.add(message.text());
      } else if (message.role() == Role.USER && !waiting.isEmpty()) {
        all.add(
            Message.joined(
                List.of(Message.of(Role.USER, String.join(BLANK_LINE, waiting)), message)));
        waiting.clear();
      } else {
        all.add(message);
      }
    }
    if (!waiting.isEmpty()) {
      all.add(Message.of(Role.USER, String.join(BLANK_LINE, waiting)));
    }
    return all;
  }

  private static List<String> texts(List<Message> messages, Role role) {
    return messages.stream().filter(m -> m.role() == role).map(Message::text).toList();
  }

  private static List<Message> merged(List<Message> messages) {
    List<Message> all = new ArrayList<>();
    List<Message> alike = new ArrayList<>();
    for (Message message : messages) {
      if (!alike.isEmpty() && !mergeable(alike.getLast(), message)) {
        all.add(Message.joined(alike));
        alike.clear();
      }
      alike.add(message);
    }
    if (!alike.isEmpty()) {
      all.add(Message.joined(alike));
    }
    return all;
  }

  private static boolean mergeable(Message before, Message message) {
    return before.role() == message.role()
        && before.role() != Role.TOOL
        && before.toolCalls().isEmpty();
  }

  private static List<Message> withResultIds(List<Message> messages) {
    List<Message> all = new ArrayList<>(messages.size());
    List<ToolCall> calls = List.of();
    int position = 0;
    for (Message message : messages) {
      if (!message.toolCalls().isEmpty()) {
        calls = message.toolCalls();
        position = 0;
      }
      boolean nameless = message.role() == Role.TOOL && message.toolCallId().isEmpty();
      if (nameless && position < calls.size()) {
        all.add(
            new Message(
                Role.TOOL, message.text(), List.of(), Optional.of(calls.get(position).id())));
      } else {
        all.add(message);
      }
      if (message.role() == Role.TOOL) {
        position++;
      }
    }
    return all;
  }
}
