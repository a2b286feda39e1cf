package io.mistraloperator.gateway.dialect.mistral;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.dialect.AnswerShape;
import io.mistraloperator.gateway.dialect.Profile;
import io.mistraloperator.gateway.dialect.rule.Problems;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** Profile and shape of Mistral's own dialect. */
public final class MistralDialect {
  /** Row A19.2. */
  private static final int MOST_TOKENS_BY_DEFAULT = 8192;

  /** Begins as the native validator does, which clients look for. */
  private static final String NOT_PERMITTED =
      "Extra inputs are not permitted: leave it out; GET /swagger.json of the endpoint lists what"
          + " it takes";

  /** Row B5, and what OpenAI-style clients send there (row B3). */
  public static final Profile PROFILE =
      new Profile(
          Set.of(
              "model",
              "messages",
              "temperature",
              "top_p",
              "max_tokens",
              "stream",
              "stop",
              "random_seed",
              "metadata",
              "response_format",
              "tools",
              "tool_choice",
              "presence_penalty",
              "frequency_penalty",
              "n",
              "prediction",
              "parallel_tool_calls",
              "prompt_mode",
              "reasoning_effort",
              "guardrails",
              "prompt_cache_key",
              "safe_prompt",
              "safe_mode",
              "ignore_eos",
              "seed",
              "stream_options",
              "max_completion_tokens",
              "logprobs",
              "top_logprobs",
              "logit_bias",
              "user",
              "store",
              "service_tier"),
          MistralDialect::refused,
          OptionalInt.of(MOST_TOKENS_BY_DEFAULT),
          true);

  /** Rows A19.5 to A19.7. */
  public static final AnswerShape SHAPE = new AnswerShape(false, true);

  private MistralDialect() {}

  private static void refused(ObjectNode body, List<String> names, Problems problems) {
    for (String name : names) {
      problems.add(List.of(name), "extra_forbidden", NOT_PERMITTED, body.path(name));
    }
  }
}
