package io.mistraloperator.gateway.dialect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.EngineEvent;
import io.mistraloperator.gateway.chat.FinishReason;
import io.mistraloperator.gateway.chat.ToolCall;
import io.mistraloperator.gateway.chat.Usage;
import io.mistraloperator.gateway.json.Json;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Chunks as server-sent events (rows A10, B4, C5). Tool calls are sent whole; each choice finishes
 * with a chunk of its own, the last of them has the usage of all.
 */
final class StreamShaper implements Shaper {
  private final AnswerHead head;
  private final AnswerShape shape;
  private final List<Choice> choices;
  private final boolean usageApart;
  private final CallIds ids = new CallIds();
  private int finished;

  StreamShaper(AnswerHead head, AnswerShape shape, int choices, boolean usageApart) {
    this.head = head;
    this.shape = shape;
    this.choices = Stream.generate(Choice::new).limit(choices).toList();
    this.usageApart = usageApart;
  }

  /** How far one choice is. */
  private static final class Choice {
    private Optional<TextEvent> texts = Optional.empty();
    private boolean begun;
    private int calls;
    private int characters;
  }

  @Override
  public Buffer shape(int index, EngineEvent event) {
    Buffer out = Buffer.buffer();
    Choice choice = choices.get(index);
    if (!choice.begun) {
      choice.begun = true;
      ObjectNode delta = Json.object().put("role", "assistant").put("content", "");
      Events.append(out, chunk(index, delta, Optional.empty(), Optional.empty()));
    }
    switch (event) {
      case EngineEvent.Text(String text, Optional<ArrayNode> logprobs) -> {
        if (logprobs.isPresent()) {
          ObjectNode shown = shape.logprobs(logprobs.get(), choice.characters);
          Events.append(out, text(index, text, Optional.of(shown)));
        } else {
          texts(index).append(out, text);
        }
        choice.characters += text.codePointCount(0, text.length());
      }
      case EngineEvent.Call(ToolCall call) -> {
        ObjectNode delta = callDelta(call, choice.calls++);
        Events.append(out, chunk(index, delta, Optional.empty(), Optional.empty()));
      }
      case EngineEvent.Finish(FinishReason reason, Usage usage) ->
          finish(out, index, reason, usage);
      case EngineEvent.Failure failure ->
          throw new IllegalArgumentException("a failure has no shape", failure.reason());
    }
    return out;
  }

  private TextEvent texts(int index) {
    Choice choice = choices.get(index);
    if (choice.texts.isEmpty()) {
      choice.texts = Optional.of(TextEvent.like(mark -> text(index, mark, Optional.empty())));
    }
    return choice.texts.get();
  }

  private ObjectNode text(int index, String text, Optional<ObjectNode> logprobs) {
    return chunk(index, Json.object().put("content", text), Optional.empty(), logprobs);
  }

  private ObjectNode callDelta(ToolCall call, int index) {
    ObjectNode delta = Json.object().put("content", "");
    ObjectNode node = delta.putArray("tool_calls").addObject().put("index", index);
    AnswerShape.call(node, ids.withId(call));
    return delta;
  }

  private void finish(Buffer out, int index, FinishReason reason, Usage usage) {
    ObjectNode chunk =
        chunk(
            index, Json.object().put("content", ""), Optional.of(reason.word()), Optional.empty());
    boolean last = ++finished == choices.size();
    if (last && !usageApart) {
      chunk.set("usage", AnswerShape.usage(usage));
    }
    Events.append(out, chunk);
    if (last && usageApart) {
      ObjectNode apart = top();
      apart.putArray("choices");
      apart.set("usage", AnswerShape.usage(usage));
      Events.append(out, apart);
    }
    if (last) {
      Events.done(out);
    }
  }

  private ObjectNode chunk(
      int index, ObjectNode delta, Optional<String> finishReason, Optional<ObjectNode> logprobs) {
    ObjectNode chunk = top();
    ObjectNode choice = chunk.putArray("choices").addObject();
    choice.put("index", index);
    choice.set("delta", delta);
    choice.put("finish_reason", finishReason.orElse(null));
    shape.logprobs(choice, logprobs);
    return chunk;
  }

  private ObjectNode top() {
    return Json.object()
        .put("id", head.id())
        .put("object", "chat.completion.chunk")
        .put("created", head.created())
        .put("model", head.model());
  }
}
