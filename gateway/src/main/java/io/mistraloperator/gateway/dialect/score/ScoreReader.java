package io.mistraloperator.gateway.dialect.score;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.api.MistralModelSpec.Task;
import io.mistraloperator.gateway.chat.InferenceRequest;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.chat.Problem;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.dialect.Dialect;
import io.mistraloperator.gateway.dialect.rule.Extras;
import io.mistraloperator.gateway.dialect.rule.Problems;
import io.mistraloperator.gateway.dialect.rule.Samplings;
import io.mistraloperator.gateway.dialect.rule.Scalars;
import io.mistraloperator.gateway.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what {@code POST /score} holds, as the dialect of the model's task would (row B6.6). */
public final class ScoreReader {
  private static final String MOST_TOKENS = "max_tokens";

  /** They would change what kind of answer there is. */
  private static final Set<String> OF_OTHER_ROUTES =
      Set.of(
          "messages",
          "prompt",
          "stream",
          "stream_options",
          "n",
          "best_of",
          "echo",
          "suffix",
          "logprobs",
          "top_logprobs",
          "tools",
          "tool_choice",
          "parallel_tool_calls",
          "response_format");

  private final ModelFacts model;
  private final Problems problems = new Problems();
  private final JsonNode input;
  private final List<String> inputPlace;
  private final JsonNode parameters;
  private final List<String> parametersPlace;

  private ScoreReader(ObjectNode body, ModelFacts model) {
    this.model = model;
    JsonNode data = body.path(ScoreDialect.DATA);
    if (data.isArray() && model.task() == Task.TextGeneration) {
      input = data;
      inputPlace = List.of(ScoreDialect.DATA);
      parameters = body.path(ScoreDialect.OUTER_PARAMETERS);
      parametersPlace = List.of(ScoreDialect.OUTER_PARAMETERS);
    } else {
      input = data.path(ScoreDialect.INPUT);
      inputPlace = List.of(ScoreDialect.DATA, ScoreDialect.INPUT);
      parameters = data.path(ScoreDialect.PARAMETERS);
      parametersPlace = List.of(ScoreDialect.DATA, ScoreDialect.PARAMETERS);
    }
  }

  /**
   * Reads a request.
   *
   * @throws Refusal with every problem of the body, in the places where the client put it
   */
  public static InferenceRequest read(ObjectNode body, Extras.Mode mode, ModelFacts model) {
    return new ScoreReader(body, model).read(mode);
  }

  private InferenceRequest read(Extras.Mode mode) {
    if (!input.isArray()) {
      problems.add(
          inputPlace,
          "list_type",
          model.task() == Task.ChatCompletions
              ? "must be a list of messages, each with role and content"
              : "must be a list of one text",
          input);
    }
    boolean given = !parameters.isMissingNode() && !parameters.isNull();
    if (given && !parameters.isObject()) {
      problems.add(parametersPlace, "dict_type", "must be an object of parameters", parameters);
    }
    ObjectNode asked =
        parameters instanceof ObjectNode object
            ? ScoreDialect.profile(model.task()).admitted(object, mode, problems)
            : Json.object();
    Optional<InferenceRequest> request = inItsPlace(body(asked), asked);
    problems.refuseIfAny();
    return request.orElseThrow();
  }

  /** The body that the dialect of the task reads. */
  private ObjectNode body(ObjectNode asked) {
    ObjectNode body = Json.object();
    for (Map.Entry<String, JsonNode> parameter : asked.properties()) {
      String name = parameter.getKey();
      if (OF_OTHER_ROUTES.contains(name)) {
        problems.unsupported(
            place(name), "is not for /score: use " + otherRoute(), parameter.getValue());
      } else if (!ScoreDialect.MOST_TOKENS.contains(name)) {
        body.set(name, parameter.getValue());
      }
    }
    mostTokens(asked).ifPresent(name -> body.set(MOST_TOKENS, asked.path(name)));
    boolean likeliest = !flag(asked, ScoreDialect.SAMPLE, true);
    // One that is out of range is still told.
    if (likeliest && Samplings.TEMPERATURE.allows(asked.path(Samplings.TEMPERATURE.name()))) {
      body.put(Samplings.TEMPERATURE.name(), 0);
    }
    if (flag(asked, ScoreDialect.FULL_TEXT, false)) {
      problems.unsupported(
          place(ScoreDialect.FULL_TEXT),
          "must be false: the answer does not repeat the input",
          asked.path(ScoreDialect.FULL_TEXT));
    }
    body.remove(List.of(ScoreDialect.SAMPLE, ScoreDialect.FULL_TEXT));
    if (input.isArray()) {
      body.set(inputName(), input);
    }
    return body;
  }

  private boolean flag(ObjectNode asked, String name, boolean standard) {
    if (!asked.hasNonNull(name)) {
      return standard;
    }
    Optional<Boolean> value = Scalars.bool(asked.path(name));
    if (value.isEmpty()) {
      problems.add(place(name), "bool_type", "must be true or false", asked.path(name));
    }
    return value.orElse(standard);
  }

  private static Optional<String> mostTokens(ObjectNode asked) {
    return ScoreDialect.MOST_TOKENS.stream().filter(asked::hasNonNull).findFirst();
  }

  private String inputName() {
    return model.task() == Task.ChatCompletions ? "messages" : "prompt";
  }

  private String otherRoute() {
    return model.task() == Task.ChatCompletions ? "/chat/completions" : "/completions";
  }

  private List<String> place(String parameter) {
    List<String> place = new ArrayList<>(parametersPlace);
    place.add(parameter);
    return place;
  }

  /** What is wrong is told in the client's own words. */
  private Optional<InferenceRequest> inItsPlace(ObjectNode body, ObjectNode asked) {
    Dialect dialect =
        switch (model.task()) {
          case ChatCompletions -> new Dialect.Azure();
          case TextGeneration -> new Dialect.AzureText();
        };
    try {
      return Optional.of(dialect.read(body, Extras.Mode.PASS_THROUGH, model));
    } catch (Refusal refusal) {
      for (Problem problem : refusal.problems()) {
        inItsPlace(problem, asked);
      }
      return Optional.empty();
    }
  }

  private void inItsPlace(Problem problem, ObjectNode asked) {
    List<String> loc = problem.loc().subList(1, problem.loc().size());
    boolean ofInput = loc.getFirst().equals(inputName());
    if (ofInput && !input.isArray()) {
      return; // told already
    }
    boolean bound = loc.getFirst().equals(MOST_TOKENS);
    List<String> place =
        new ArrayList<>(
            ofInput
                ? inputPlace
                : place(bound ? mostTokens(asked).orElse(MOST_TOKENS) : loc.getFirst()));
    place.addAll(loc.subList(1, loc.size()));
    problems.add(place, problem.type(), problem.message(), problem.input().orElseThrow());
  }
}
