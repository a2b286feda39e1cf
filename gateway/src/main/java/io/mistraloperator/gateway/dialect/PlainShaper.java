package io.mistraloperator.gateway.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.EngineEvent;
import io.mistraloperator.gateway.chat.FinishReason;
import io.mistraloperator.gateway.chat.ToolCall;
import io.mistraloperator.gateway.chat.Usage;
import io.mistraloperator.gateway.json.Json;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** One document with the whole answer (rows A9, A15, A19). */
final class PlainShaper implements Shaper {
  private final AnswerHead head;
  private final AnswerShape shape;
  private final List<Choice> choices;
  private final CallIds ids = new CallIds();

  /** Choices that have not finished. */
  private int open;

  PlainShaper(AnswerHead head, AnswerShape shape, int choices) {
    this.head = head;
    this.shape = shape;
    this.open = choices;
    this.choices = Stream.generate(Choice::new).limit(choices).toList();
  }

  /** What came of one choice. */
  private static final class Choice {
    private final StringBuilder text = new StringBuilder();
    private final List<ToolCall> calls = new ArrayList<>();
    private int characters;
    private Optional<ObjectNode> logprobs = Optional.empty();
    private Optional<FinishReason> finish = Optional.empty();

    /** Appends every array of {@code piece} to its namesake. */
    private void add(ObjectNode piece) {
      ObjectNode all = logprobs.orElseGet(Json::object);
      for (Map.Entry<String, JsonNode> array : piece.properties()) {
        array.getValue().forEach(all.withArray(array.getKey())::add);
      }
      logprobs = Optional.of(all);
    }
  }

  @Override
  public Buffer shape(int index, EngineEvent event) {
    Choice choice = choices.get(index);
    switch (event) {
      case EngineEvent.Text(String piece, Optional<ArrayNode> entries) -> {
        entries.ifPresent(tokens -> choice.add(shape.logprobs(tokens, choice.characters)));
        choice.text.append(piece);
        choice.characters += piece.codePointCount(0, piece.length());
      }
      case EngineEvent.Call(ToolCall call) -> choice.calls.add(ids.withId(call));
      case EngineEvent.Finish(FinishReason reason, Usage usage) -> {
        open -= choice.finish.isEmpty() ? 1 : 0;
        choice.finish = Optional.of(reason);
        if (open == 0) {
          return Json.bytes(document(usage));
        }
      }
      case EngineEvent.Failure failure ->
          throw new IllegalArgumentException("a failure has no shape", failure.reason());
    }
    return Buffer.buffer();
  }

  private ObjectNode document(Usage usage) {
    ObjectNode document = Json.object();
    document.put("id", head.id());
    document.put("object", "chat.completion");
    document.put("created", head.created());
    document.put("model", head.model());
    ArrayNode array = document.putArray("choices");
    for (int i = 0; i < choices.size(); i++) {
      fill(array.addObject().put("index", i), choices.get(i));
    }
    document.set("usage", AnswerShape.usage(usage));
    return document;
  }

  private void fill(ObjectNode node, Choice choice) {
    ObjectNode message = node.putObject("message");
    message.put("role", "assistant");
    message.put("content", choice.text.toString());
    shape.calls(message, choice.calls);
    node.put("finish_reason", choice.finish.orElseThrow().word());
    shape.logprobs(node, choice.logprobs);
  }
}
