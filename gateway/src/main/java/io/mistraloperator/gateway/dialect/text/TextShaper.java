package io.mistraloperator.gateway.dialect.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.EngineEvent;
import io.mistraloperator.gateway.chat.FinishReason;
import io.mistraloperator.gateway.chat.Usage;
import io.mistraloperator.gateway.dialect.AnswerHead;
import io.mistraloperator.gateway.dialect.AnswerShape;
import io.mistraloperator.gateway.dialect.Events;
import io.mistraloperator.gateway.dialect.Shaper;
import io.mistraloperator.gateway.json.Json;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** Answers of text completions; streamed and whole ones have one shape (rows B4, B6, C5). */
public final class TextShaper implements Shaper {
  private final AnswerHead head;
  private final boolean stream;
  private final boolean usageApart;
  private final StringBuilder text = new StringBuilder();
  private Optional<TextLogprobs> logprobs = Optional.empty();

  /**
   * Makes a shaper of one answer.
   *
   * @param stream whether it goes out in events
   * @param usageApart whether usage is an event of its own
   */
  public TextShaper(AnswerHead head, boolean stream, boolean usageApart) {
    this.head = head;
    this.stream = stream;
    this.usageApart = usageApart;
  }

  @Override
  public Buffer shape(int choice, EngineEvent event) {
    Buffer out = Buffer.buffer();
    switch (event) {
      case EngineEvent.Text(String piece, Optional<ArrayNode> entries) -> {
        if (stream) {
          TextLogprobs own = new TextLogprobs(text.length());
          Events.append(out, answer(piece, Optional.empty(), entries.map(own::add)));
        } else {
          entries.ifPresent(all -> logprobs = Optional.of(collected().add(all)));
        }
        text.append(piece);
      }
      case EngineEvent.Call call -> throw new IllegalArgumentException("a text calls no tools");
      case EngineEvent.Finish(FinishReason reason, Usage usage) -> {
        String rest = stream ? "" : text.toString();
        ObjectNode last = answer(rest, Optional.of(reason.word()), logprobs);
        if (stream) {
          finish(out, last, AnswerShape.usage(usage));
        } else {
          last.set("usage", AnswerShape.usage(usage));
          return Json.bytes(last);
        }
      }
      case EngineEvent.Failure failure ->
          throw new IllegalArgumentException("a failure has no shape", failure.reason());
    }
    return out;
  }

  private void finish(Buffer out, ObjectNode last, ObjectNode usage) {
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

  private TextLogprobs collected() {
    return logprobs.orElseGet(() -> new TextLogprobs(0));
  }

  private ObjectNode answer(
      String text, Optional<String> finishReason, Optional<TextLogprobs> logprobs) {
    ObjectNode answer = top();
    ObjectNode choice = answer.putArray("choices").addObject();
    choice.put("index", 0);
    choice.put("text", text);
    choice.put("finish_reason", finishReason.orElse(null));
    choice.set("logprobs", logprobs.map(TextLogprobs::lists).orElse(null));
    return answer;
  }

  private ObjectNode top() {
    return Json.object()
        .put("id", head.id())
        .put("object", "text_completion")
        .put("created", head.created())
        .put("model", head.model());
  }
}
