package io.mistraloperator.gateway.dialect.rule;

import com.fasterxml.jackson.databind.JsonNode;
import io.mistraloperator.gateway.chat.EngineEvent;
import io.mistraloperator.gateway.chat.FinishReason;
import io.mistraloperator.gateway.chat.ToolCall;
import io.mistraloperator.gateway.chat.ToolChoice;
import io.mistraloperator.gateway.chat.Tools;
import io.mistraloperator.gateway.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at what a model does with the tools on offer (row C2): engines pass on calls of tools that
 * nobody offered, and take a demanded call for granted. An answer that must call is held back until
 * it has. One per generation; not thread-safe.
 */
public final class CallCheck {
  /** What to do after an event. */
  public sealed interface Verdict {
    /**
     * All is well so far.
     *
     * @param events to hand on now, in this order; may be empty
     */
    record Pass(List<EngineEvent> events) implements Verdict {}

    /**
     * Nobody can use this answer.
     *
     * @param reason for the client, one sentence
     */
    record Miss(String reason) implements Verdict {}
  }

  private final Tools tools;
  private final boolean demanded;
  private final List<EngineEvent> held = new ArrayList<>();
  private boolean called;

  /** A check of one answer to a request with {@code tools}. */
  public CallCheck(Tools tools) {
    this.tools = tools;
    this.demanded = !(tools.choice() instanceof ToolChoice.Auto);
  }

  /** The verdict on the next event. */
  public Verdict of(EngineEvent event) {
    return switch (event) {
      case EngineEvent.Text text -> demanded ? hold(text) : pass(event);
      case EngineEvent.Call(ToolCall call) -> call(event, call);
      case EngineEvent.Finish(FinishReason reason, var usage) -> end(event, reason);
      case EngineEvent.Failure failure -> pass(event);
    };
  }

  private Verdict call(EngineEvent event, ToolCall call) {
    if (!callable(call.name())) {
      return new Verdict.Miss("The model called a tool that it may not call; try again.");
    }
    if (!isObject(call.arguments())) {
      return new Verdict.Miss("The model called a tool with broken arguments; try again.");
    }
    called = true;
    return demanded ? hold(event) : pass(event);
  }

  private Verdict end(EngineEvent event, FinishReason reason) {
    if (demanded && !called) {
      if (reason != FinishReason.LENGTH) {
        return new Verdict.Miss("The model called no tool, as tool_choice demands; try again.");
      }
      // A call that max_tokens cut off is the client's choice, and "length" tells so; a server that
      // reads calls only whole has told its beginning as text.
      held.clear();
    }
    held.add(event);
    return new Verdict.Pass(List.copyOf(held));
  }

  private Verdict hold(EngineEvent event) {
    held.add(event);
    return new Verdict.Pass(List.of());
  }

  private static Verdict pass(EngineEvent event) {
    return new Verdict.Pass(List.of(event));
  }

  private boolean callable(String name) {
    if (tools.choice() instanceof ToolChoice.Named(String only)) {
      return name.equals(only);
    }
    return tools.offered().stream()
        .anyMatch(tool -> tool.path("function").path("name").asText().equals(name));
  }

  private static boolean isObject(String arguments) {
    return arguments.isBlank()
        || Json.parse(arguments.getBytes(StandardCharsets.UTF_8))
            .filter(JsonNode::isObject)
            .isPresent();
  }
}
