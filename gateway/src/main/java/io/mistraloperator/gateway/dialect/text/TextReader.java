package io.mistraloperator.gateway.dialect.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.chat.Sampling;
import io.mistraloperator.gateway.chat.TextRequest;
import io.mistraloperator.gateway.dialect.Profile;
import io.mistraloperator.gateway.dialect.rule.Extras;
import io.mistraloperator.gateway.dialect.rule.Problems;
import io.mistraloperator.gateway.dialect.rule.Ranges;
import io.mistraloperator.gateway.dialect.rule.Samplings;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** Reads a text to be continued (row B6). */
public final class TextReader {
  /** Alternatives for each token that engines give at most. */
  public static final int MOST_LOGPROBS = 20;

  private static final String PROMPT = "prompt";

  /** Read by name below; {@code top_logprobs} means something in chats alone. */
  private static final Set<String> OWN =
      Set.of(
          "model",
          PROMPT,
          "stream",
          "stream_options",
          "logprobs",
          "top_logprobs",
          "n",
          "best_of",
          "echo",
          "suffix");

  private static final Set<String> READ_HERE = readHere();

  private final ObjectNode body;
  private final Problems problems;
  private final Ranges ranges;

  private TextReader(ObjectNode body, Problems problems) {
    this.body = body;
    this.problems = problems;
    this.ranges = new Ranges(body, problems);
  }

  private static Set<String> readHere() {
    Set<String> names = new HashSet<>(Samplings.NAMES);
    names.addAll(OWN);
    return Set.copyOf(names);
  }

  /**
   * Reads a request.
   *
   * @throws Refusal with every problem of the body
   */
  public static TextRequest read(
      ObjectNode body, Extras.Mode mode, ModelFacts model, Profile profile) {
    Problems problems = new Problems();
    return new TextReader(profile.admitted(body, mode, problems), problems).read(model, profile);
  }

  private TextRequest read(ModelFacts model, Profile profile) {
    String prompt = prompt();
    Sampling sampling =
        Samplings.read(body, model.contextLength(), profile.mostTokensByDefault(), problems);
    OptionalInt logprobs = ranges.integer("logprobs", 0, MOST_LOGPROBS);
    int choices = ranges.integer("n", 1, Ranges.MOST_CHOICES).orElse(1);
    if (ranges.integer("best_of", 1, Ranges.MOST_CHOICES).orElse(choices) != choices) {
      problems.unsupported(
          List.of("best_of"),
          "must be " + choices + ", as n: all that is generated is answered",
          field("best_of"));
    }
    if (ranges.bool("echo").orElse(false)) {
      problems.unsupported(List.of("echo"), "repeating the prompt is not supported", field("echo"));
    }
    if (!field("suffix").asText("").isEmpty()) {
      problems.unsupported(
          List.of("suffix"), model.name() + " cannot fill in a text", field("suffix"));
    }
    Map<String, JsonNode> extras = Extras.forEngine(body, READ_HERE, model, sampling, problems);
    boolean stream = ranges.bool("stream").orElse(false);
    boolean usageApart = ranges.usageAsked() && stream && profile.usageApart();
    problems.refuseIfAny();
    return new TextRequest(prompt, sampling, logprobs, choices, extras, stream, usageApart);
  }

  private JsonNode field(String name) {
    return body.path(name);
  }

  /** One text, alone or as a list. */
  private String prompt() {
    JsonNode given = field(PROMPT);
    JsonNode text = given.isArray() && given.size() == 1 ? given.get(0) : given;
    if (text.isTextual() && !text.textValue().isEmpty()) {
      return text.textValue();
    }
    if (given.isArray() && !given.isEmpty()) {
      problems.unsupported(
          List.of(PROMPT), "one text per request is supported, no tokens and no more texts", given);
    } else {
      problems.add(List.of(PROMPT), "string_type", "must be a text with characters", given);
    }
    return "";
  }
}
