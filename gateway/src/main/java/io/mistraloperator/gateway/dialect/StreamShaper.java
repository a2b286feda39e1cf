package io.mistraloperator.gateway.dialect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.EngineEvent;
import io.mistraloperator.gateway.chat.ToolCall;
import io.mistraloperator.gateway.json.Json;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** Chunks as server-sent events (rows A10, B4, C5). Tool calls are sent whole. */
final class StreamShaper implements Shaper {
  private final AnswerHead head;
  private final AnswerShape shape;
  private final boolean usageApart;
  private final CallIds ids = new CallIds();
  private boolean begun;
  private int calls;

  StreamShaper(AnswerHead head, AnswerShape shape, boolean usageApart) {
    this.head = head;
    this.shape = shape;
    this.usageApart = usageApart;
  }

  @Override
  public Buffer shape(EngineEvent event) {
    Buffer out = Buffer.buffer();
    if (!begun) {
      begun = true;
      ObjectNode delta = Json.object().put("role", "assistant").put("content", "");
      Events.append(out, chunk(delta, Optional.empty(), Optional.empty()));
    }
    switch (event) {
      case EngineEvent.Text(String text, Optional<ArrayNode> logprobs) ->
          Events.append(out, chunk(Json.object().put("content", text), Optional.empty(), logprobs));
      case EngineEvent.Call(ToolCall call) ->
          Events.append(out, chunk(callDelta(call), Optional.empty(), Optional.empty()));
      case EngineEvent.Finish finish -> finish(out, finish);
      case EngineEvent.Failure failure ->
          throw new IllegalArgumentException("a failure has no shape", failure.reason());
    }
    return out;
  }

  private ObjectNode callDelta(ToolCall call) {
    ObjectNode delta = Json.object().put("content", "");
    ObjectNode node = delta.putArray("tool_calls").addObject().put("index", calls++);
    AnswerShape.call(node, ids.withId(call));
    return delta;
  }

  private void finish(Buffer out, EngineEvent.Finish finish) {
    ObjectNode last =
        chunk(
            Json.object().put("content", ""),
            Optional.of(finish.reason().word()),
            Optional.empty());
    ObjectNode usage = AnswerShape.usage(finish.usage());
    if (usageApart) {
      ObjectNode apart = top();
      apart.putArray("choices");
      apart.set("usage", usage);
      Events.append(out, last);
      Events.append(out, apart);
    } else {
      last.set("usage", usage);
      Events.append(out, last);
    }
    Events.done(out);
  }

  private ObjectNode chunk(
      ObjectNode delta, Optional<String> finishReason, Optional<ArrayNode> logprobs) {
    ObjectNode chunk = top();
    ObjectNode choice = chunk.putArray("choices").addObject();
    choice.put("index", 0);
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
