package io.mistraloperator.gateway.dialect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.EngineEvent;
import io.mistraloperator.gateway.chat.ToolCall;
import io.mistraloperator.gateway.json.Json;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One document with the whole answer (rows A9, A15, A19). */
final class PlainShaper implements Shaper {
  private final AnswerHead head;
  private final AnswerShape shape;
  private final StringBuilder text = new StringBuilder();
  private final List<ToolCall> calls = new ArrayList<>();
  private final CallIds ids = new CallIds();
  private Optional<ArrayNode> logprobs = Optional.empty();

  PlainShaper(AnswerHead head, AnswerShape shape) {
    this.head = head;
    this.shape = shape;
  }

  @Override
  public Buffer shape(EngineEvent event) {
    switch (event) {
      case EngineEvent.Text(String piece, Optional<ArrayNode> entries) -> {
        text.append(piece);
        entries.ifPresent(this::add);
      }
      case EngineEvent.Call(ToolCall call) -> calls.add(ids.withId(call));
      case EngineEvent.Finish finish -> {
        return Json.bytes(document(finish));
      }
      case EngineEvent.Failure failure ->
          throw new IllegalArgumentException("a failure has no shape", failure.reason());
    }
    return Buffer.buffer();
  }

  private void add(ArrayNode entries) {
    logprobs = Optional.of(logprobs.orElseGet(Json::array).addAll(entries));
  }

  private ObjectNode document(EngineEvent.Finish finish) {
    ObjectNode document = Json.object();
    document.put("id", head.id());
    document.put("object", "chat.completion");
    document.put("created", head.created());
    document.put("model", head.model());
    ObjectNode choice = document.putArray("choices").addObject();
    choice.put("index", 0);
    ObjectNode message = choice.putObject("message");
    message.put("role", "assistant");
    message.put("content", text.toString());
    shape.calls(message, calls);
    choice.put("finish_reason", finish.reason().word());
    shape.logprobs(choice, logprobs);
    document.set("usage", AnswerShape.usage(finish.usage()));
    return document;
  }
}
