package io.mistraloperator.gateway.dialect.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Given;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.chat.Sampling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Parameters outside a dialect's list (rows A13, B3, B9). */
public final class Extras {
  /** What a client wants done with them. */
  public enum Mode {
    /** Refuse the request: the default. */
    ERROR,
    /** Leave them out. */
    DROP,
    /** Hand them to the engine. */
    PASS_THROUGH
  }

  /** Alternatives for each token that engines give at most (row A13.4). */
  public static final int MOST_TOP_LOGPROBS = 20;

  /** What may be added to, or taken from, a token's logit (row A13.4). */
  public static final int MOST_BIAS = 100;

  private static final List<String> HEADERS =
      List.of("extra-parameters", "extra-params", "unknown-parameters");

  /** Known to OpenAI-style clients, without meaning for an engine. */
  public static final Set<String> WITHOUT_EFFECT =
      Set.of("user", "metadata", "store", "service_tier", "prediction", "prompt_cache_key");

  /** They would steer the server or the gateway's reading of it, not the model. */
  private static final Set<String> NEVER_PASSED =
      Set.of(
          "stream_options",
          "n_predict",
          "id_slot",
          "cache_prompt",
          "timings_per_token",
          "return_progress",
          "return_tokens",
          "return_token_ids",
          "verbose",
          "lora",
          "samplers",
          "add_generation_prompt",
          "continue_final_message",
          "chat_template",
          "chat_template_kwargs",
          "echo",
          "prompt_logprobs",
          "truncate_prompt_tokens",
          "cache_salt",
          "priority",
          "request_id",
          "kv_transfer_params",
          "vllm_xargs",
          "documents",
          "n_cmpl",
          "best_of",
          "use_beam_search",
          "n_probs",
          "post_sampling_probs",
          "return_tokens_as_token_ids",
          "skip_special_tokens",
          "spaces_between_special_tokens",
          "prompt",
          "functions",
          "function_call",
          "parse_tool_calls",
          "chat_parser",
          "chat_format",
          "generation_prompt",
          "preserved_tokens",
          "reasoning_format",
          "reasoning_in_content",
          "include_reasoning",
          "response_fields",
          "sse_ping_interval",
          "media_io_kwargs",
          "mm_processor_kwargs",
          "data_parallel_rank",
          "prompt_embeds");

  /** Known parameters that no engine can honour. */
  public static final Set<String> REFUSED = Set.of("guardrails", "prompt_mode");

  private Extras() {}

  /**
   * What the headers ask for; {@code header} gives the value of a header by its lower-case name.
   *
   * @throws Refusal when the value is none of the known ones
   */
  public static Mode mode(Function<String, Optional<String>> header) {
    for (String name : HEADERS) {
      Optional<String> value = header.apply(name);
      if (value.isPresent()) {
        return mode(name, value.get());
      }
    }
    return Mode.ERROR;
  }

  private static Mode mode(String header, String value) {
    return switch (value.strip().toLowerCase(Locale.ROOT)) {
      case "error" -> Mode.ERROR;
      case "drop", "ignore" -> Mode.DROP;
      case "pass-through", "passthrough", "pass_through" -> Mode.PASS_THROUGH;
      default ->
          throw Refusal.of(
              ErrorCode.INVALID_HEADER,
              "The header "
                  + header
                  + " must be error, drop or pass-through ("
                  + Given.words(value)
                  + ").");
    };
  }

  /** Names in {@code body} that are not {@code known} and not null. */
  public static List<String> names(ObjectNode body, Set<String> known) {
    List<String> names = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : body.properties()) {
      if (!known.contains(field.getKey()) && !field.getValue().isNull()) {
        names.add(field.getKey());
      }
    }
    return names;
  }

  /**
   * What the engine gets of {@code body}.
   *
   * @param read names that were read already
   * @param sampling what was read of them
   */
  public static Map<String, JsonNode> forEngine(
      ObjectNode body, Set<String> read, ModelFacts model, Sampling sampling, Problems problems) {
    Map<String, JsonNode> passed = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : body.properties()) {
      String name = field.getKey();
      if (field.getValue().isNull() || read.contains(name) || NEVER_PASSED.contains(name)) {
        continue;
      }
      if (REFUSED.contains(name)) {
        problems.unsupported(
            List.of(name), "is not supported here: leave it out", field.getValue());
      } else if (name.equals(ReasoningEffort.NAME)) {
        ReasoningEffort.read(field.getValue(), model, problems)
            .ifPresent(effort -> passed.put(name, effort));
      } else if (WITHOUT_EFFECT.contains(name)) {
        typed(name, field.getValue(), problems);
      } else {
        passed.put(name, field.getValue());
      }
    }
    int mostTokens = sampling.maxTokens().orElse(model.contextLength());
    new ExtraValues(body, passed, problems).check(mostTokens);
    return passed;
  }

  /** What has no effect may still tell of a client's mistake. */
  private static void typed(String name, JsonNode value, Problems problems) {
    switch (name) {
      case "metadata", "prediction" -> {
        if (!value.isObject()) {
          problems.add(List.of(name), "dict_type", "must be an object", value);
        }
      }
      case "store" -> {
        if (Scalars.bool(value).isEmpty()) {
          problems.add(List.of(name), "bool_type", "must be true or false", value);
        }
      }
      default -> {
        if (value.isContainerNode()) {
          problems.add(List.of(name), "string_type", "must be a text", value);
        }
      }
    }
  }
}
