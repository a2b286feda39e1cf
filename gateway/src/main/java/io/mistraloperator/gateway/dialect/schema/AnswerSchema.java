package io.mistraloperator.gateway.dialect.schema;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.FinishReason;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.dialect.Dialect;
import io.mistraloperator.gateway.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Schemas of a dialect's answers. */
public final class AnswerSchema {
  private AnswerSchema() {}

  /** A whole answer (rows A9, A19, B6). */
  public static ObjectNode whole(Dialect dialect, ModelFacts model) {
    return switch (dialect) {
      case Dialect.Chat chat ->
          answer("chat.completion", model, message(chat), List.of("usage"), false);
      case Dialect.Text text ->
          answer("text_completion", model, text(false), List.of("usage"), false);
      case Dialect.Score score -> output(score);
    };
  }

  private static ObjectNode output(Dialect.Score score) {
    ObjectNode text = Schema.of("string");
    return Schema.whole(
        Json.object()
            .set(
                "output",
                switch (score.task()) {
                  case ChatCompletions -> text;
                  case TextGeneration -> Schema.list(text);
                }));
  }

  /** One event of a streamed answer (rows A10, B4, B6); none where answers are never streamed. */
  public static Optional<ObjectNode> event(Dialect dialect, ModelFacts model) {
    return switch (dialect) {
      case Dialect.Chat chat ->
          Optional.of(answer("chat.completion.chunk", model, delta(chat), List.of(), true));
      case Dialect.Text text ->
          Optional.of(answer("text_completion", model, text(true), List.of(), true));
      case Dialect.Score score -> Optional.empty();
    };
  }

  private static ObjectNode answer(
      String object, ModelFacts model, ObjectNode choice, List<String> besides, boolean event) {
    ObjectNode properties = Json.object();
    properties.set("id", Schema.of("string").put("pattern", "^[0-9a-f]{32}$"));
    properties.set("object", Schema.of("string").put("const", object));
    properties.set("created", Schema.of("integer", "Seconds since 1970."));
    properties.set("model", Schema.of("string").put("const", model.name()));
    ObjectNode choices = Schema.list(choice);
    properties.set("choices", event ? choices : choices.put("minItems", 1));
    List<String> required = new ArrayList<>(List.of("id", "object", "created", "model", "choices"));
    required.addAll(besides);
    properties.set("usage", usage());
    return Schema.object(properties, required);
  }

  private static ObjectNode usage() {
    ObjectNode usage = Json.object();
    for (String count : List.of("prompt_tokens", "completion_tokens", "total_tokens")) {
      usage.set(count, Schema.of("integer").put("minimum", 0));
    }
    return Schema.whole(usage);
  }

  private static ObjectNode finish(boolean event) {
    ObjectNode reasons =
        Schema.oneOf(Arrays.stream(FinishReason.values()).map(FinishReason::word).toList());
    return event ? Schema.orNull(reasons) : reasons;
  }

  private static ObjectNode message(Dialect.Chat dialect) {
    ObjectNode message = Json.object();
    message.set("role", Schema.of("string").put("const", "assistant"));
    message.set("content", Schema.of("string"));
    message.set("tool_calls", Schema.orNull(Schema.list(MessageSchema.call())));
    List<String> always = new ArrayList<>(List.of("role", "content"));
    if (dialect.shape().showsNulls()) {
      always.add("tool_calls");
    }
    return chatChoice(dialect, "message", Schema.object(message, always), false);
  }

  private static ObjectNode delta(Dialect.Chat dialect) {
    ObjectNode delta = Json.object();
    delta.set("role", Schema.of("string").put("const", "assistant"));
    delta.set("content", Schema.of("string"));
    delta.set("tool_calls", Schema.list(MessageSchema.call()));
    return chatChoice(dialect, "delta", Schema.object(delta, List.of("content")), true);
  }

  private static ObjectNode chatChoice(
      Dialect.Chat dialect, String name, ObjectNode said, boolean event) {
    ObjectNode properties = Json.object();
    properties.set("index", Schema.of("integer"));
    properties.set(name, said);
    properties.set("finish_reason", finish(event));
    ObjectNode logprobs = Json.object().set("content", Schema.list(Schema.of("object")));
    properties.set("logprobs", Schema.orNull(Schema.whole(logprobs)));
    List<String> always = new ArrayList<>(List.of("index", name, "finish_reason"));
    if (dialect.shape().showsNulls()) {
      always.add("logprobs");
    }
    return Schema.object(properties, always);
  }

  private static ObjectNode text(boolean event) {
    ObjectNode lists = Json.object();
    lists.set("tokens", Schema.list(Schema.of("string")));
    lists.set("token_logprobs", Schema.list(Schema.orNull(Schema.of("number"))));
    lists.set("top_logprobs", Schema.list(Schema.of("object")));
    lists.set("text_offset", Schema.list(Schema.of("integer")));
    ObjectNode properties = Json.object();
    properties.set("index", Schema.of("integer"));
    properties.set("text", Schema.of("string"));
    properties.set("finish_reason", finish(event));
    properties.set("logprobs", Schema.orNull(Schema.whole(lists)));
    return Schema.whole(properties);
  }
}
