package io.mistraloperator.gateway.dialect.schema;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.api.MistralModelSpec.Task;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.dialect.Dialect;
import io.mistraloperator.gateway.dialect.Profile;
import io.mistraloperator.gateway.dialect.rule.Bounded;
import io.mistraloperator.gateway.dialect.rule.Extras;
import io.mistraloperator.gateway.dialect.rule.Ranges;
import io.mistraloperator.gateway.dialect.rule.ReasoningEffort;
import io.mistraloperator.gateway.dialect.rule.Samplings;
import io.mistraloperator.gateway.dialect.score.ScoreDialect;
import io.mistraloperator.gateway.dialect.text.TextReader;
import io.mistraloperator.gateway.json.Json;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The schema of a dialect's requests to one model. */
public final class RequestSchema {
  private static final Set<String> OF_TOOLS = Set.of("tools", "tool_choice", "parallel_tool_calls");

  private final Dialect dialect;
  private final ModelFacts model;

  private RequestSchema(Dialect dialect, ModelFacts model) {
    this.dialect = dialect;
    this.model = model;
  }

  /**
   * The schema.
   *
   * @throws IllegalStateException when a parameter of the profile has none
   */
  public static ObjectNode of(Dialect dialect, ModelFacts model) {
    return new RequestSchema(dialect, model).request();
  }

  private ObjectNode request() {
    return dialect instanceof Dialect.Score ? scored() : described(parameters(), List.of(input()));
  }

  private ObjectNode parameters() {
    ObjectNode properties = Json.object();
    for (String name : new TreeSet<>(dialect.profile().parameters())) {
      if (!Extras.REFUSED.contains(name) && (model.tools() || !OF_TOOLS.contains(name))) {
        properties.set(name, parameter(name));
      }
    }
    return properties;
  }

  private static ObjectNode described(ObjectNode properties, List<String> required) {
    return Schema.object(properties, required)
        .put(
            "description",
            "Other parameters are refused, unless the header extra-parameters says otherwise.");
  }

  private String input() {
    return switch (dialect) {
      case Dialect.Chat chat -> "messages";
      case Dialect.Text text -> "prompt";
      case Dialect.Score score -> ScoreDialect.INPUT;
    };
  }

  /** Input and parameters in their envelope (row B6.6). */
  private ObjectNode scored() {
    ObjectNode inner = Json.object();
    inner.set(
        input(),
        switch (model.task()) {
          case ChatCompletions -> new MessageSchema(model).messages();
          case TextGeneration -> oneText();
        });
    inner.set(ScoreDialect.PARAMETERS, described(parameters(), List.of()));
    ObjectNode data = Schema.object(inner, List.of(input()));
    ObjectNode properties = Json.object();
    if (model.task() == Task.TextGeneration) {
      data = Schema.anyOf(data, oneText());
      properties.set(ScoreDialect.OUTER_PARAMETERS, described(parameters(), List.of()));
    }
    properties.set(ScoreDialect.DATA, data);
    return Schema.object(properties, List.of(ScoreDialect.DATA));
  }

  private static ObjectNode oneText() {
    return Schema.list(Schema.of("string").put("minLength", 1))
        .put("minItems", 1)
        .put("maxItems", 1);
  }

  private ObjectNode scoreParameter(String name) {
    return switch (name) {
      case "max_new_tokens", "max_gen_len" -> maxTokens(name);
      case "do_sample" -> Schema.of("boolean", "False means a temperature of 0.");
      case "return_full_text" -> Schema.of("boolean").put("const", false);
      default -> common(name);
    };
  }

  private ObjectNode parameter(String name) {
    for (Bounded number : Samplings.NUMBERS) {
      if (number.name().equals(name)) {
        return bounded(number);
      }
    }
    if (Extras.WITHOUT_EFFECT.contains(name)) {
      return Json.object().put("description", "Accepted, without effect.");
    }
    return switch (dialect) {
      case Dialect.Chat chat -> chatParameter(name);
      case Dialect.Text text -> textParameter(name);
      case Dialect.Score score -> scoreParameter(name);
    };
  }

  private ObjectNode chatParameter(String name) {
    return switch (name) {
      case "messages" -> new MessageSchema(model).messages();
      case "tools" -> MessageSchema.tools();
      case "tool_choice" -> MessageSchema.toolChoice();
      case "response_format" -> MessageSchema.format(model);
      case "parallel_tool_calls" -> Schema.of("boolean").put("default", true);
      case "logprobs" -> Schema.of("boolean").put("default", false);
      case "top_logprobs" ->
          integer(0, Extras.MOST_TOP_LOGPROBS).put("description", "Needs logprobs to be true.");
      default -> common(name);
    };
  }

  private ObjectNode textParameter(String name) {
    return switch (name) {
      case "prompt" ->
          Schema.anyOf(
              Schema.of("string", "What is to be continued.").put("minLength", 1), oneText());
      case "logprobs" ->
          integer(0, TextReader.MOST_LOGPROBS).put("description", "Alternatives for each token.");
      case "best_of" -> Schema.of("integer", "The same as n, if anything.").put("minimum", 1);
      case "echo" -> Schema.of("boolean").put("const", false);
      case "suffix" -> Schema.of("string").put("maxLength", 0);
      default -> common(name);
    };
  }

  private ObjectNode common(String name) {
    return switch (name) {
      case "model" ->
          Schema.of("string", "Any name on an endpoint's own URL; an endpoint on the unified one.");
      case "max_tokens", "max_completion_tokens" -> maxTokens(name);
      case "stop" ->
          Schema.anyOf(
              Schema.of("string").put("minLength", 1),
              Schema.list(Schema.of("string").put("minLength", 1))
                  .put("maxItems", Ranges.MOST_STOPS));
      case "stream" -> Schema.of("boolean").put("default", false);
      case "stream_options" ->
          Schema.object(
              Json.object()
                  .set("include_usage", Schema.of("boolean", "Usage in a last event of its own.")),
              List.of());
      case "n" -> integer(1, Ranges.MOST_CHOICES);
      case "seed" -> Schema.of("integer").put("format", "int64");
      case "random_seed" -> Schema.of("integer").put("format", "int64").put("minimum", 0);
      case "safe_prompt", "safe_mode" ->
          Schema.of("boolean", "Puts a safety prompt in front of the conversation.");
      case ReasoningEffort.NAME -> Schema.oneOf(ReasoningEffort.of(model));
      case "ignore_eos" -> Schema.of("boolean").put("default", false);
      case "logit_bias" -> {
        ObjectNode bias = Schema.of("object", "Token ids with what is added to their logits.");
        bias.set(
            "additionalProperties",
            Schema.of("number").put("minimum", -Extras.MOST_BIAS).put("maximum", Extras.MOST_BIAS));
        yield bias;
      }
      default -> throw new IllegalStateException("no schema of parameter " + name);
    };
  }

  private ObjectNode maxTokens(String name) {
    Profile profile = dialect.profile();
    ObjectNode schema = integer(0, model.contextLength());
    if (name.equals("max_tokens") && profile.mostTokensByDefault().isPresent()) {
      schema.put(
          "default", Math.min(profile.mostTokensByDefault().getAsInt(), model.contextLength()));
    }
    return schema;
  }

  private static ObjectNode bounded(Bounded number) {
    return Schema.of("number")
        .put("minimum", number.least())
        .put("maximum", number.most())
        .put("default", number.standard());
  }

  private static ObjectNode integer(int least, int most) {
    return Schema.of("integer").put("minimum", least).put("maximum", most);
  }
}
