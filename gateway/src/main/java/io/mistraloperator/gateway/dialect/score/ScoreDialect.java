package io.mistraloperator.gateway.dialect.score;

import io.mistraloperator.api.MistralModelSpec.Task;
import io.mistraloperator.gateway.dialect.Profile;
import io.mistraloperator.gateway.dialect.azure.AzureDialect;
import io.mistraloperator.gateway.dialect.text.TextDialect;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** Names and profiles of the older form (row B6.6). */
public final class ScoreDialect {
  /** What holds the input. */
  public static final String DATA = "input_data";

  /** The input itself. */
  public static final String INPUT = "input_string";

  /** Parameters beside the input. */
  public static final String PARAMETERS = "parameters";

  /** Parameters beside {@link #DATA}, where that is the input itself. */
  public static final String OUTER_PARAMETERS = "params";

  /** The bound of an answer in the words of clients; the first that is given counts. */
  static final List<String> MOST_TOKENS = List.of("max_tokens", "max_new_tokens", "max_gen_len");

  /** Draws the answer, or takes the likeliest. */
  static final String SAMPLE = "do_sample";

  /** Begins the answer with the input. */
  static final String FULL_TEXT = "return_full_text";

  private static final Set<String> KNOWN =
      Set.of(
          "temperature",
          "top_p",
          "presence_penalty",
          "frequency_penalty",
          "max_tokens",
          "max_new_tokens",
          "max_gen_len",
          "stop",
          "seed",
          "random_seed",
          SAMPLE,
          FULL_TEXT);

  /** They put words in front of a conversation (row A14). */
  private static final Set<String> OF_CHATS = Set.of("safe_prompt", "safe_mode");

  private static final Profile CHAT = profile(OF_CHATS, OptionalInt.empty());
  private static final Profile TEXT = profile(Set.of(), TextDialect.AZURE.mostTokensByDefault());

  private ScoreDialect() {}

  /** What the parameters of requests to a model of {@code task} may hold. */
  public static Profile profile(Task task) {
    return switch (task) {
      case ChatCompletions -> CHAT;
      case TextGeneration -> TEXT;
    };
  }

  private static Profile profile(Set<String> besides, OptionalInt mostTokensByDefault) {
    Set<String> known = new HashSet<>(KNOWN);
    known.addAll(besides);
    return new Profile(
        Set.copyOf(known), AzureDialect.PROFILE.extrasRefused(), mostTokensByDefault, false);
  }
}
