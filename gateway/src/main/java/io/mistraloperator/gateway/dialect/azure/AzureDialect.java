package io.mistraloperator.gateway.dialect.azure;

import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.dialect.AnswerShape;
import io.mistraloperator.gateway.dialect.Profile;
import io.mistraloperator.gateway.dialect.rule.Problems;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** Profile and shape of the Azure inference dialect. */
public final class AzureDialect {
  /** Row B2, and what Mistral's own clients send to every route (row B3). */
  public static final Profile PROFILE =
      new Profile(
          Set.of(
              "messages",
              "model",
              "frequency_penalty",
              "presence_penalty",
              "temperature",
              "top_p",
              "max_tokens",
              "response_format",
              "stop",
              "stream",
              "tools",
              "tool_choice",
              "seed",
              "safe_prompt",
              "safe_mode",
              "random_seed"),
          (body, names, problems) -> {
            throw refused(names);
          },
          OptionalInt.empty(),
          false);

  /** Rows A9.4 and A15.3. */
  public static final AnswerShape SHAPE = new AnswerShape(true, false);

  private AzureDialect() {}

  /** Clients find the names in the first square brackets of the body (row B9). */
  private static Refusal refused(List<String> names) {
    String list =
        names.stream()
            .limit(Problems.MOST)
            .map(name -> "'" + name.replaceAll("[\\[\\]']", "") + "'")
            .collect(Collectors.joining(", ", "[", "]"));
    return Refusal.of(
        ErrorCode.EXTRA_PARAMETERS_NOT_ALLOWED,
        "Extra parameters "
            + list
            + " are not allowed when extra-parameters is not set or set to be 'error'."
            + " Set extra-parameters to 'pass-through' to pass to the model.");
  }
}
