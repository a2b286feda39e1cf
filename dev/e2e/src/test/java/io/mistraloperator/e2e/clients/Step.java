package io.mistraloperator.e2e.clients;

import io.mistraloperator.api.Engine;
import io.mistraloperator.e2e.cluster.Application;
import java.util.Locale;
import java.util.Map;

/** What a client program does with its library, and what it prints when all is well. */
enum Step {
  INFO("A8", "Tiny-Mistral, chat-completions, mistral-operator"),
  MODELS("B6", "Tiny-Mistral"),
  CHAT("A9", Application.GREETING + " [stop] 5 + 11"),
  STREAM("A10", Application.GREETING + " [stop] 5 + 11"),
  /** All parameters of the samples. llama.cpp penalises the words of the prompt as well. */
  PARAMETERS(
      "A11",
      "Hello from one tiny Mistral model running on CPU only. [stop] 32 + 12",
      Application.GREETING + " [stop] 32 + 11"),
  JSON("A12", "{\"ok\":\"ok\"}"),
  /** The tokens of the log-probabilities, joined. vLLM counts the end of the answer among them. */
  EXTRAS("A13", Application.GREETING, Application.GREETING + "</s>"),
  /** The refusal of extras makes the library repeat the call without them. */
  DROPPED_EXTRAS("A13", Application.GREETING + " [stop] 5 + 11"),
  /** The safety prompt counts: without it there are 32 tokens. */
  SAFE_MODE(
      "A14", Application.GREETING + " [stop] 172 + 11", Application.GREETING + " [stop] 173 + 11"),
  TOOLS("A15", roundTrip("ok"), roundTrip("Paris")),
  STREAMED_TOOLS("A15", roundTrip("ok"), roundTrip("Paris")),
  WRONG_KEY("A7.6", "401 Unauthorized"),
  WRONG_KEY_STREAMING("A7.6", "401 Unauthorized"),
  BAD_VALUE("B7", "422 body.presence_penalty"),
  UNKNOWN_PARAMETER("B3", "400 extra_parameters_not_allowed"),
  /** The project's one endpoint: the model of the body selects. */
  UNIFIED("A9.2", Application.GREETING + " [stop] 5 + 11"),
  UNIFIED_UNKNOWN("A9.2", "404 unknown_model");

  private final String row;
  private final Map<Engine, String> expected;

  Step(String row, String expected) {
    this(row, expected, expected);
  }

  Step(String row, String withLlamaCpp, String withVllm) {
    this.row = row;
    this.expected = Map.of(Engine.LlamaCpp, withLlamaCpp, Engine.VLLM, withVllm);
  }

  /**
   * A tool call with {@code city}, and what follows it. A grammar fills in "ok": llama.cpp's leads
   * through every call, vLLM's through one that is required; else the tiny model says Paris.
   */
  static String roundTrip(String city) {
    return "get_weather(" + city + ") [tool_calls] The tool has answered.";
  }

  /** Row of the contract. */
  String row() {
    return row;
  }

  /** What a program prints after the name; a few libraries tell it in their own way. */
  String expected(Engine engine) {
    return expected.get(engine);
  }

  /** As programs print it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
