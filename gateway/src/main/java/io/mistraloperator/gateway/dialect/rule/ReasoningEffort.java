package io.mistraloperator.gateway.dialect.rule;

import com.fasterxml.jackson.databind.JsonNode;
import io.mistraloperator.api.MistralModelSpec.Task;
import io.mistraloperator.api.MistralModelSpec.Tokenizer;
import io.mistraloperator.gateway.chat.ModelFacts;
import java.util.List;
import java.util.Optional;

/** The {@code reasoning_effort} parameter (row B5). */
public final class ReasoningEffort {
  /** Its name. */
  public static final String NAME = "reasoning_effort";

  private static final String NONE = "none";

  private ReasoningEffort() {}

  /** The words that a model takes: tokenizers know efforts from one generation on. */
  public static List<String> of(ModelFacts model) {
    return chooses(model) ? List.of(NONE, "high") : List.of(NONE);
  }

  private static boolean chooses(ModelFacts model) {
    return model.task() == Task.ChatCompletions
        && model.tokenizer().compareTo(Tokenizer.V15Tekken) >= 0;
  }

  /**
   * What the engine gets; nothing where the model has no choice, since its tokenizer refuses it.
   */
  static Optional<JsonNode> read(JsonNode given, ModelFacts model, Problems problems) {
    List<String> words = of(model);
    if (!given.isTextual() || !words.contains(given.textValue())) {
      problems.unsupported(
          List.of(NAME), "must be " + String.join(" or ", words) + " for " + model.name(), given);
      return Optional.empty();
    }
    return Optional.of(given).filter(effort -> chooses(model));
  }
}
