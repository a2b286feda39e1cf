package io.mistraloperator.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.api.MistralModelSpec.Task;
import io.mistraloperator.api.MistralModelSpec.Tokenizer;
import io.mistraloperator.gateway.chat.ChatRequest;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.chat.Sampling;
import io.mistraloperator.gateway.chat.TextRequest;
import io.mistraloperator.gateway.dialect.Dialect;
import io.mistraloperator.gateway.dialect.rule.Extras;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.testing.Routes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("C1.1 what engines are asked")
class EngineRequestTest {
  private static final Engine LLAMA = new Engine.LlamaCpp();
  private static final Engine VLLM = new Engine.Vllm();
  private static final String TOOLS =
      ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}},{\"type\":\"function\",\"function\":{\"name\":\"g\"}}]";

  private static ChatRequest request(String rest) {
    String json = "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]" + rest + "}";
    return read(json);
  }

  private static ChatRequest read(String json) {
    ObjectNode body = (ObjectNode) Json.parse(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    return new Dialect.Azure().read(body, Extras.Mode.PASS_THROUGH, Routes.CHAT);
  }

  private static JsonNode llama(String rest) {
    return LLAMA.write(request(rest), Routes.CHAT, "m");
  }

  private static JsonNode vllm(String rest) {
    return VLLM.write(request(rest), Routes.CHAT, "m");
  }

  @Test
  @DisplayName("A11.7, C1.1, C1.2: the whole request")
  void theWholeRequest() {
    assertThat(llama(",\"stop\":[\"x\"],\"seed\":7,\"max_tokens\":9"))
        .hasToString(
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"temperature\":1.0,\"top_p\":1.0,"
                + "\"presence_penalty\":0.0,\"frequency_penalty\":0.0,\"max_tokens\":9,\"seed\":7,\"stop\":[\"x\"],"
                + "\"stream\":true,\"stream_options\":{\"include_usage\":true},\"top_k\":0,\"min_p\":0}");
  }

  @Test
  @DisplayName(
      "C3.2 templates want the assistant between tool results and the user, whoever runs them")
  void aUserAfterResults() {
    ChatRequest asked =
        read(
            """
            {"messages":[{"role":"user","content":"a"},
             {"role":"assistant","tool_calls":[{"id":"abc0dF1gh","function":{"name":"f"}}]},
             {"role":"tool","tool_call_id":"abc0dF1gh","content":"r"},
             {"role":"user","content":"b"}]}\
            """);

    assertThat(LLAMA.write(asked, Routes.CHAT, "m").path("messages").findValuesAsText("role"))
        .containsExactly("user", "assistant", "tool", "assistant", "user");
    assertThat(LLAMA.write(asked, Routes.CHAT, "m").at("/messages/3/content").asText())
        .isNotBlank();
    assertThat(VLLM.write(asked, Routes.templated(Routes.CHAT), "m").path("messages"))
        .isEqualTo(LLAMA.write(asked, Routes.CHAT, "m").path("messages"));
    assertThat(VLLM.write(asked, Routes.CHAT, "m").path("messages").findValuesAsText("role"))
        .containsExactly("user", "assistant", "tool", "user");
  }

  @Test
  @DisplayName("B3.4, C1.2 extras cannot replace what the gateway decided")
  void extrasCannotReplaceWhatTheGatewayDecided() {
    JsonNode body =
        llama(
            ",\"stream_options\":{\"include_usage\":false},\"stream\":false,\"model\":\"x\",\"top_k\":5");

    assertThat(body.path("stream").asBoolean()).isTrue();
    assertThat(body.path("stream_options").path("include_usage").asBoolean()).isTrue();
    assertThat(body.path("model").asText()).isEqualTo("m");
    assertThat(body.path("top_k").asInt()).isEqualTo(5);
  }

  @Test
  void vllmTakesNoTopPOfZeroAndNoAnswerOfZeroTokens() {
    assertThat(vllm(",\"top_p\":0,\"max_tokens\":0").path("top_p").asDouble()).isPositive();
    assertThat(vllm(",\"max_tokens\":0").path("max_tokens").asInt()).isEqualTo(1);
    assertThat(vllm("").has("top_k")).isFalse();
  }

  @Test
  @DisplayName("C1.3 a named tool")
  void aNamedTool() {
    String named = TOOLS + ",\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"g\"}}";

    assertThat(llama(named).path("tools")).hasSize(1);
    assertThat(llama(named).path("tools").path(0).path("function").path("name").asText())
        .isEqualTo("g");
    assertThat(llama(named).path("tool_choice").asText()).isEqualTo("required");
    assertThat(vllm(named).path("tools")).hasSize(2);
    assertThat(vllm(named).path("tool_choice").path("function").path("name").asText())
        .isEqualTo("g");
  }

  @Test
  @DisplayName(
      "C1.8 a prefix: one server is told so, the other takes a last assistant message for it")
  void prefix() {
    ChatRequest chat =
        read(
            """
            {"messages":[{"role":"user","content":"Hi"},
             {"role":"assistant","content":"Hello from","prefix":true}]}\
            """);

    JsonNode vllm = VLLM.write(chat, Routes.CHAT, "m");
    JsonNode llama = LLAMA.write(chat, Routes.CHAT, "m");

    assertThat(vllm.path("continue_final_message").asBoolean()).isTrue();
    assertThat(vllm.path("add_generation_prompt").asBoolean(true)).isFalse();
    assertThat(llama.has("continue_final_message")).isFalse();
    assertThat(llama.path("messages").path(1))
        .hasToString("{\"role\":\"assistant\",\"content\":\"Hello from\"}");
    assertThat(vllm("").has("add_generation_prompt")).isFalse();
  }

  @Test
  @DisplayName("C1.3 none offers nothing")
  void noneOffersNothing() {
    assertThat(llama(TOOLS + ",\"tool_choice\":\"none\"").has("tools")).isFalse();
    assertThat(vllm(TOOLS + ",\"tool_choice\":\"none\"").has("tool_choice")).isFalse();
  }

  @Test
  @DisplayName("C2.6 text beside calls is left out where the tokenizer cannot take it")
  void textBesideCalls() {
    ChatRequest chat =
        read(
            """
            {"messages":[{"role":"user","content":"Hi"},
             {"role":"assistant","content":"let me see","tool_calls":[{"id":"abc0dF1gh","function":{"name":"f","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"abc0dF1gh","content":"r"}]}\
            """);
    ModelFacts newer =
        new ModelFacts(
            "m",
            "p",
            Task.ChatCompletions,
            Tokenizer.V13Tekken,
            4096,
            true,
            true,
            false,
            true,
            false);

    assertThat(VLLM.write(chat, Routes.CHAT, "m").path("messages").path(1).path("content").isNull())
        .isTrue();
    assertThat(VLLM.write(chat, newer, "m").path("messages").path(1).path("content").asText())
        .isEqualTo("let me see");
  }

  @Test
  @DisplayName("C1.3 strict functions are for vLLM, from the generation on that has them")
  void strict() {
    ChatRequest chat =
        request(
            ",\"tools\":[{\"function\":{\"name\":\"f\",\"strict\":\"True\"}},"
                + "{\"function\":{\"name\":\"g\",\"strict\":false}}]");
    ModelFacts newer = Routes.facts(Tokenizer.V11Tekken, 4096);

    assertThat(VLLM.write(chat, newer, "m").at("/tools/0/function/strict").asBoolean()).isTrue();
    assertThat(VLLM.write(chat, newer, "m").at("/tools/1/function").has("strict")).isFalse();
    assertThat(VLLM.write(chat, Routes.CHAT, "m").at("/tools/0/function").has("strict")).isFalse();
    assertThat(LLAMA.write(chat, newer, "m").at("/tools/0/function").has("strict")).isFalse();
  }

  @Test
  @DisplayName("B5 reasoning_effort: one server reads it, the other's template does")
  void reasoningEffort() {
    ModelFacts thinking = Routes.facts(Tokenizer.V15Tekken, 4096);
    ObjectNode body =
        (ObjectNode)
            Json.parse(
                    "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"reasoning_effort\":\"high\"}"
                        .getBytes(StandardCharsets.UTF_8))
                .orElseThrow();
    ChatRequest chat = new Dialect.Mistral().read(body, Extras.Mode.ERROR, thinking);

    assertThat(VLLM.write(chat, thinking, "m").path("reasoning_effort").asText()).isEqualTo("high");
    assertThat(LLAMA.write(chat, thinking, "m").at("/chat_template_kwargs/reasoning_effort"))
        .hasToString("\"high\"");
    assertThat(LLAMA.write(chat, thinking, "m").has("reasoning_effort")).isFalse();
  }

  @Test
  @DisplayName("B6.1, C1.1 texts to be continued")
  void texts() {
    Sampling sampling =
        new Sampling(0, 0, 0, 0, OptionalInt.of(0), true, List.of(), OptionalLong.of(3));
    TextRequest text =
        new TextRequest("Once", sampling, OptionalInt.of(0), 1, Map.of(), false, false);

    assertThat(LLAMA.write(text, "m"))
        .hasToString(
            "{\"model\":\"m\",\"prompt\":\"Once\",\"temperature\":0.0,\"top_p\":0.0,"
                + "\"presence_penalty\":0.0,\"frequency_penalty\":0.0,\"max_tokens\":1,\"seed\":3,"
                + "\"logprobs\":1,\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                + "\"top_k\":0,\"min_p\":0}");
    assertThat(VLLM.write(text, "m").path("logprobs").asInt(-1)).isZero();
    assertThat(VLLM.write(text, "m").path("top_p").asDouble()).isPositive();
    assertThat(VLLM.write(text, "m").has("top_k")).isFalse();
  }

  @Test
  void logprobsOfLlamaCppNeedACount() {
    assertThat(llama(",\"logprobs\":true").path("top_logprobs").asInt()).isEqualTo(1);
    assertThat(llama(",\"logprobs\":true,\"top_logprobs\":3").path("top_logprobs").asInt())
        .isEqualTo(3);
    assertThat(vllm(",\"logprobs\":true").has("top_logprobs")).isFalse();
  }
}
