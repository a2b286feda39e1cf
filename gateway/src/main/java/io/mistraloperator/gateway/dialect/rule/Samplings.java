package io.mistraloperator.gateway.dialect.rule;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.Sampling;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Parameters of sampling, the same for every dialect (rows A11, A19.2, B2, B5, B6, C1, G3). */
public final class Samplings {
  /** Row G2. */
  public static final Bounded TEMPERATURE = new Bounded("temperature", 0, 2, 1);

  /** Row A11.2. */
  public static final Bounded TOP_P = new Bounded("top_p", 0, 1, 1);

  /** Row A11.4. */
  public static final Bounded PRESENCE_PENALTY = new Bounded("presence_penalty", -2, 2, 0);

  /** Row A11.4. */
  public static final Bounded FREQUENCY_PENALTY = new Bounded("frequency_penalty", -2, 2, 0);

  /** Every parameter that is a number with bounds. */
  public static final List<Bounded> NUMBERS =
      List.of(TEMPERATURE, TOP_P, PRESENCE_PENALTY, FREQUENCY_PENALTY);

  /** Names of what is read here. */
  public static final Set<String> NAMES =
      Set.of(
          TEMPERATURE.name(),
          TOP_P.name(),
          PRESENCE_PENALTY.name(),
          FREQUENCY_PENALTY.name(),
          "max_tokens",
          "max_completion_tokens",
          "stop",
          "seed",
          "random_seed");

  /** Bound of an answer that ignores its end, where the client sets none. */
  private static final int MOST_TOKENS_OF_ENDLESS = 8192;

  private Samplings() {}

  /**
   * Reads all of them.
   *
   * @param contextLength tokens of prompt and answer together
   * @param mostTokensByDefault bound of an answer when the client sets none; empty: what the
   *     context leaves
   */
  public static Sampling read(
      ObjectNode body, int contextLength, OptionalInt mostTokensByDefault, Problems problems) {
    Ranges ranges = new Ranges(body, problems);
    return new Sampling(
        number(ranges, TEMPERATURE),
        number(ranges, TOP_P),
        number(ranges, PRESENCE_PENALTY),
        number(ranges, FREQUENCY_PENALTY),
        maxTokens(body, ranges, contextLength, mostTokensByDefault),
        body.hasNonNull("max_tokens") || body.hasNonNull("max_completion_tokens"),
        ranges.stop(),
        seed(ranges, body, problems));
  }

  private static double number(Ranges ranges, Bounded parameter) {
    return ranges
        .number(parameter.name(), parameter.least(), parameter.most())
        .orElse(parameter.standard());
  }

  private static OptionalInt maxTokens(
      ObjectNode body, Ranges ranges, int context, OptionalInt byDefault) {
    OptionalInt asked = ranges.integer("max_tokens", 0, context);
    OptionalInt completion = ranges.integer("max_completion_tokens", 0, context);
    if (asked.isPresent() && completion.isPresent()) {
      return OptionalInt.of(Math.min(asked.getAsInt(), completion.getAsInt()));
    }
    if (asked.isPresent() || completion.isPresent()) {
      return asked.isPresent() ? asked : completion;
    }
    // An answer that may not end by itself needs an end.
    boolean endless = Scalars.bool(body.path("ignore_eos")).orElse(false);
    return byDefault.isPresent() || endless
        ? OptionalInt.of(Math.min(byDefault.orElse(MOST_TOKENS_OF_ENDLESS), context))
        : OptionalInt.empty();
  }

  private static OptionalLong seed(Ranges ranges, ObjectNode body, Problems problems) {
    OptionalLong seed = ranges.whole("seed");
    OptionalLong random = ranges.whole("random_seed", 0);
    boolean both = seed.isPresent() && random.isPresent();
    if (both && seed.getAsLong() != random.getAsLong()) {
      problems.add(
          List.of("random_seed"),
          "value_error",
          "must be the same as seed when both are given",
          body.path("random_seed"));
    }
    return seed.isPresent() ? seed : random;
  }
}
