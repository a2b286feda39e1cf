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
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Answers of text completions; streamed and whole ones have one shape (rows B4, B6, C5). */
public final class TextShaper implements Shaper {
  private final AnswerHead head;
  private final boolean stream;
  private final List<Choice> choices;
  private final boolean usageApart;
  private int finished;

  /**
   * Makes a shaper of one answer.
   *
   * @param stream whether it goes out in events
   * @param choices of the answer, at least 1
   * @param usageApart whether usage is an event of its own
   */
  public TextShaper(AnswerHead head, boolean stream, int choices, boolean usageApart) {
    this.head = head;
    this.stream = stream;
    this.choices = Stream.generate(Choice::new).limit(choices).toList();
    this.usageApart = usageApart;
  }

  /** What came of one choice. */
  private static final class Choice {
    private final StringBuilder text = new StringBuilder();
    private int characters;
    private Optional<TextLogprobs> logprobs = Optional.empty();
    private Optional<FinishReason> finish = Optional.empty();

    private TextLogprobs collected(ArrayNode entries) {
      return logprobs.orElseGet(TextLogprobs::new).add(entries, characters);
    }
  }

  @Override
  public Buffer shape(int index, EngineEvent event) {
    Buffer out = Buffer.buffer();
    Choice choice = choices.get(index);
    switch (event) {
      case EngineEvent.Text(String piece, Optional<ArrayNode> entries) -> {
        if (stream) {
          ObjectNode answer = top();
          Optional<TextLogprobs> own =
              entries.map(tokens -> new TextLogprobs().add(tokens, choice.characters));
          put(answer, index, piece, Optional.empty(), own);
          Events.append(out, answer);
        } else {
          entries.ifPresent(all -> choice.logprobs = Optional.of(choice.collected(all)));
        }
        choice.text.append(piece);
        choice.characters += piece.codePointCount(0, piece.length());
      }
      case EngineEvent.Call call -> throw new IllegalArgumentException("a text calls no tools");
      case EngineEvent.Finish(FinishReason reason, Usage usage) -> {
        choice.finish = Optional.of(reason);
        boolean last = ++finished == choices.size();
        if (stream) {
          finish(out, index, reason, last, AnswerShape.usage(usage));
        } else if (last) {
          return Json.bytes(document(usage));
        }
      }
      case EngineEvent.Failure failure ->
          throw new IllegalArgumentException("a failure has no shape", failure.reason());
    }
    return out;
  }

  private void finish(Buffer out, int index, FinishReason reason, boolean last, ObjectNode usage) {
    ObjectNode answer = top();
    put(answer, index, "", Optional.of(reason), Optional.empty());
    if (last && !usageApart) {
      answer.set("usage", usage);
    }
    Events.append(out, answer);
    if (last && usageApart) {
      ObjectNode apart = top();
      apart.putArray("choices");
      apart.set("usage", usage);
      Events.append(out, apart);
    }
    if (last) {
      Events.done(out);
    }
  }

  private ObjectNode document(Usage usage) {
    ObjectNode document = top();
    for (int i = 0; i < choices.size(); i++) {
      Choice choice = choices.get(i);
      put(document, i, choice.text.toString(), choice.finish, choice.logprobs);
    }
    document.set("usage", AnswerShape.usage(usage));
    return document;
  }

  private static void put(
      ObjectNode answer,
      int index,
      String text,
      Optional<FinishReason> finish,
      Optional<TextLogprobs> logprobs) {
    ObjectNode choice = answer.withArray("choices").addObject();
    choice.put("index", index);
    choice.put("text", text);
    choice.put("finish_reason", finish.map(FinishReason::word).orElse(null));
    choice.set("logprobs", logprobs.map(TextLogprobs::lists).orElse(null));
  }

  private ObjectNode top() {
    return Json.object()
        .put("id", head.id())
        .put("object", "text_completion")
        .put("created", head.created())
        .put("model", head.model());
  }
}
