package io.mistraloperator.gateway.dialect.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.json.Json;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Values of what is handed on to an engine (rows A13.4, A13.5, B7.5): in its range, and of the type
 * that engines read, whatever the client wrote.
 */
final class ExtraValues {
  private static final String LOGPROBS = "logprobs";
  private static final String TOP_LOGPROBS = "top_logprobs";
  private static final String BIAS = "logit_bias";
  private static final Pattern TOKEN_ID = Pattern.compile("[0-9]{1,9}");

  private final ObjectNode body;
  private final Map<String, JsonNode> passed;
  private final Problems problems;
  private final Ranges ranges;

  /**
   * Checks values of {@code body}.
   *
   * @param passed those that are handed on, by name; replaced where their type is another one
   */
  ExtraValues(ObjectNode body, Map<String, JsonNode> passed, Problems problems) {
    this.body = body;
    this.passed = passed;
    this.problems = problems;
    this.ranges = new Ranges(body, problems);
  }

  /**
   * Checks all of them.
   *
   * @param mostTokens of the answer
   */
  void check(int mostTokens) {
    flag(LOGPROBS);
    flag("ignore_eos");
    topLogprobs();
    whole("top_k", -1, Integer.MAX_VALUE);
    whole("min_tokens", 0, mostTokens);
    if (passed.containsKey("min_p")) {
      number("min_p", ranges.number("min_p", 0, 1));
    }
    if (passed.containsKey("repetition_penalty")) {
      number("repetition_penalty", ranges.above("repetition_penalty", 0));
    }
    if (passed.containsKey(BIAS)) {
      bias(body.path(BIAS));
    }
  }

  private void flag(String name) {
    if (passed.containsKey(name)) {
      ranges.bool(name).ifPresent(value -> passed.put(name, BooleanNode.valueOf(value)));
    }
  }

  private OptionalInt whole(String name, int least, int most) {
    OptionalInt value =
        passed.containsKey(name) ? ranges.integer(name, least, most) : OptionalInt.empty();
    value.ifPresent(number -> passed.put(name, IntNode.valueOf(number)));
    return value;
  }

  private void number(String name, OptionalDouble value) {
    value.ifPresent(number -> passed.put(name, DoubleNode.valueOf(number)));
  }

  private void topLogprobs() {
    int top = whole(TOP_LOGPROBS, 0, Extras.MOST_TOP_LOGPROBS).orElse(0);
    if (top > 0 && !passed.getOrDefault(LOGPROBS, BooleanNode.FALSE).asBoolean()) {
      problems.add(
          List.of(TOP_LOGPROBS),
          "missing_logprobs",
          "needs logprobs to be true",
          body.path(TOP_LOGPROBS));
    }
  }

  private void bias(JsonNode bias) {
    if (!bias.isObject()) {
      problems.add(List.of(BIAS), "dict_type", "must be an object of token ids and numbers", bias);
      return;
    }
    ObjectNode numbers = Json.object();
    for (Map.Entry<String, JsonNode> entry : bias.properties()) {
      OptionalDouble value = Scalars.number(entry.getValue());
      if (!TOKEN_ID.matcher(entry.getKey()).matches()
          || value.isEmpty()
          || Math.abs(value.getAsDouble()) > Extras.MOST_BIAS) {
        problems.add(
            List.of(BIAS, entry.getKey()),
            "out_of_range",
            "must be a token id with a number from -"
                + Extras.MOST_BIAS
                + " to "
                + Extras.MOST_BIAS,
            entry.getValue());
      } else {
        numbers.set(entry.getKey(), plain(entry.getValue(), value.getAsDouble()));
      }
    }
    passed.put(BIAS, numbers);
  }

  private static JsonNode plain(JsonNode given, double value) {
    OptionalLong whole = Scalars.integer(given);
    return whole.isPresent() ? LongNode.valueOf(whole.getAsLong()) : DoubleNode.valueOf(value);
  }
}
