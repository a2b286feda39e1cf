package io.mistraloperator.gateway.dialect.text;

import io.mistraloperator.gateway.dialect.Profile;
import io.mistraloperator.gateway.dialect.azure.AzureDialect;
import io.mistraloperator.gateway.dialect.mistral.MistralDialect;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;

/** Profiles of text completions. */
public final class TextDialect {
  /** Rows B6 and G3. */
  private static final OptionalInt MOST_TOKENS_BY_DEFAULT = OptionalInt.of(256);

  private static final Set<String> EVERYWHERE =
      Set.of(
          "model",
          "prompt",
          "temperature",
          "top_p",
          "presence_penalty",
          "frequency_penalty",
          "max_tokens",
          "stop",
          "stream",
          "seed",
          "random_seed");

  private static final Set<String> OPENAI_ONLY =
      Set.of(
          "n",
          "best_of",
          "echo",
          "suffix",
          "logprobs",
          "logit_bias",
          "ignore_eos",
          "stream_options",
          "user");

  /** {@code POST /completions}. */
  public static final Profile AZURE =
      new Profile(EVERYWHERE, AzureDialect.PROFILE.extrasRefused(), MOST_TOKENS_BY_DEFAULT, false);

  /** {@code POST /v1/completions}. */
  public static final Profile OPENAI =
      new Profile(both(), MistralDialect.PROFILE.extrasRefused(), MOST_TOKENS_BY_DEFAULT, true);

  private TextDialect() {}

  private static Set<String> both() {
    Set<String> names = new HashSet<>(EVERYWHERE);
    names.addAll(OPENAI_ONLY);
    return Set.copyOf(names);
  }
}
