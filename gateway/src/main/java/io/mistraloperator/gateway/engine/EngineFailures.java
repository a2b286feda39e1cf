package io.mistraloperator.gateway.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Problem;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in our own words what went wrong with an engine (row C7); its words never leave here. */
final class EngineFailures {
  private static final Duration SOON = Duration.ofSeconds(2);

  /** vLLM tells its numbers in words alone. */
  private static final Pattern VLLM_PROMPT =
      Pattern.compile("parameter=input_tokens, value=([0-9]{1,9})");

  private static final Pattern VLLM_CONTEXT =
      Pattern.compile("maximum context length is ([0-9]{1,9}) tokens");

  /** A name, of all that a server may write there, can be shown to a client. */
  private static final Pattern PARAMETER = Pattern.compile("[a-z_]{1,40}");

  private EngineFailures() {}

  /** The answer broke off. */
  static Refusal midStream() {
    return Refusal.of(
        ErrorCode.ENGINE_FAILED, "The model stopped before the answer was complete; try again.");
  }

  /** The connection broke before an answer. */
  static Refusal connectionLost() {
    return Refusal.later("The instance went away before it answered; try again.", SOON);
  }

  /**
   * The server answered with an error instead of events.
   *
   * @param order what it was asked
   * @param body what it said, possibly cut
   */
  static Refusal of(EngineRequest order, int status, byte[] body) {
    Api api = order.api();
    JsonNode root = Json.parse(body).orElse(NullNode.getInstance());
    JsonNode error = root.path("error").isObject() ? root.path("error") : root;
    if (isContextOverflow(error)) {
      return contextOverflow(api, error);
    }
    String parameter = error.path("param").asText();
    if (status == 400 && PARAMETER.matcher(parameter).matches()) {
      return Refusal.of(
          List.of(
              new Problem(
                  List.of("body", parameter),
                  "value_error",
                  "The model's server does not take this value: change it or leave it out",
                  Optional.ofNullable(order.extras().get(parameter)))));
    }
    if (status == 400 || status == 413 || status == 422) {
      return Refusal.of(
          List.of(
              new Problem(
                  List.of("body", api.input()),
                  "not_understood",
                  "The model cannot take this request: check " + api.suspects(),
                  Optional.empty())));
    }
    if (status == 503 || status == 429 || isShuttingDown(error)) {
      return Refusal.later("All instances are busy or starting; try again.", SOON);
    }
    return Refusal.of(ErrorCode.ENGINE_FAILED, "The model failed on this request.");
  }

  private static boolean isContextOverflow(JsonNode error) {
    return error.path("type").asText().equals("exceed_context_size_error")
        || error.path("param").asText().equals("input_tokens")
        || error.path("message").asText().contains("maximum context length");
  }

  private static Refusal contextOverflow(Api api, JsonNode error) {
    String message = error.path("message").asText();
    OptionalLong prompt = number(error.path("n_prompt_tokens"), VLLM_PROMPT, message);
    OptionalLong context = number(error.path("n_ctx"), VLLM_CONTEXT, message);
    String size =
        prompt.isPresent() && context.isPresent()
            ? "The "
                + api.noun()
                + " has "
                + prompt.getAsLong()
                + " tokens, the model takes "
                + context.getAsLong()
                + " with its answer"
            : "The "
                + api.noun()
                + " and max_tokens together have more tokens than the model takes";
    return Refusal.of(
        List.of(
            new Problem(
                List.of("body", api.input()), "context_length_exceeded", size, Optional.empty())));
  }

  private static OptionalLong number(JsonNode given, Pattern pattern, String message) {
    if (given.isIntegralNumber()) {
      return OptionalLong.of(given.longValue());
    }
    Matcher matcher = pattern.matcher(message);
    return matcher.find()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }

  private static boolean isShuttingDown(JsonNode error) {
    return error.path("message").asText().contains("after shutdown");
  }
}
