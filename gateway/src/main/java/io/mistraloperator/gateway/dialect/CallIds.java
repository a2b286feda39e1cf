package io.mistraloperator.gateway.dialect;

import io.mistraloperator.gateway.chat.ToolCall;
import io.mistraloperator.gateway.dialect.rule.ToolIds;
import java.util.HashSet;
import java.util.Set;

/** Ids of the calls of one answer, each used once. */
final class CallIds {
  private final Set<String> used = new HashSet<>();

  ToolCall withId(ToolCall call) {
    String id = ToolIds.minted(call.id(), used);
    used.add(id);
    return new ToolCall(id, call.name(), call.arguments().isEmpty() ? "{}" : call.arguments());
  }
}
