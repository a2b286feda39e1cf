package io.mistraloperator.gateway.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mistraloperator.api.MistralModelSpec.Tokenizer;
import io.mistraloperator.gateway.chat.AnswerFormat;
import io.mistraloperator.gateway.chat.ChatRequest;
import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.chat.ToolChoice;
import io.mistraloperator.gateway.dialect.rule.Extras;
import io.mistraloperator.gateway.testing.Routes;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("what a model or a dialect does not take, and what it does")
class DialectCapabilitiesTest extends ReadingFixture {
  @ParameterizedTest
  @ValueSource(strings = {"{\"type\":\"text\"}", "{\"type\":{\"type\":\"text\"}}"})
  @DisplayName("A11.6, A11.10 text format in both forms, on a model without JSON mode too")
  void textFormat(String format) {
    ChatRequest request =
        read(
            AZURE,
            "\"response_format\":" + format,
            Extras.Mode.ERROR,
            Routes.facts(false, false, false));

    assertThat(request.format()).isEqualTo(new AnswerFormat.Text());
  }

  @Test
  @DisplayName("A11.10 the nested JSON form is read")
  void nestedJsonFormat() {
    assertThat(read(AZURE, "\"response_format\":{\"type\":{\"type\":\"json_object\"}}").format())
        .isEqualTo(new AnswerFormat.JsonObject());
  }

  @Test
  @DisplayName("A12.5, B7.2 JSON mode of a model without it is refused by name")
  void noJsonMode() {
    Refusal refusal =
        catchThrowableOfType(
            Refusal.class,
            () ->
                read(
                    AZURE,
                    "\"response_format\":{\"type\":\"json_object\"}",
                    Extras.Mode.ERROR,
                    Routes.facts(true, false, true)));

    assertThat(refusal.code()).isEqualTo(ErrorCode.PARAMETER_NOT_SUPPORTED);
    assertThat(refusal.problems().getFirst().loc()).containsExactly("body", "response_format");
    assertThat(refusal.problems().getFirst().input().orElseThrow().asText())
        .isEqualTo("json_object");
  }

  @Test
  @DisplayName("A15.9, C2.8 tools of a model without them are refused by name")
  void noTools() {
    Refusal refusal =
        catchThrowableOfType(
            Refusal.class,
            () -> read(AZURE, TOOLS, Extras.Mode.ERROR, Routes.facts(false, true, true)));

    assertThat(refusal.code()).isEqualTo(ErrorCode.PARAMETER_NOT_SUPPORTED);
    assertThat(refusal.problems().getFirst().loc()).containsExactly("body", "tools");
  }

  @Test
  @DisplayName("A17.6 an image is refused, not sent on")
  void noImages() {
    Refusal refusal =
        catchThrowableOfType(
            Refusal.class,
            () ->
                AZURE.read(
                    object(
                        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:x\"}}]}]}"),
                    Extras.Mode.ERROR,
                    Routes.CHAT));

    assertThat(refusal.code()).isEqualTo(ErrorCode.PARAMETER_NOT_SUPPORTED);
    assertThat(refusal.problems().getFirst().loc())
        .containsExactly("body", "messages", "0", "content", "1");
  }

  @Test
  @DisplayName(
      "A15.1, A15.2, B9.2, C1.3: any means required; none offers nothing; a name picks one")
  void toolChoices() {
    assertThat(read(AZURE, TOOLS).tools().choice()).isEqualTo(new ToolChoice.Auto());
    assertThat(read(AZURE, TOOLS + ",\"tool_choice\":\"any\"").tools().choice())
        .isEqualTo(new ToolChoice.Required());
    assertThat(read(AZURE, TOOLS + ",\"tool_choice\":\"none\"").tools().offered()).isEmpty();
    assertThat(
            read(
                    AZURE,
                    TOOLS
                        + ",\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"g\"}}")
                .tools()
                .choice())
        .isEqualTo(new ToolChoice.Named("g"));
    assertThat(
            refusal(AZURE, TOOLS + ",\"tool_choice\":{\"function\":{\"name\":\"h\"}}").problems())
        .hasSize(1);
  }

  @Test
  @DisplayName(
      "B3.1, B9.1, G1 extras on the Azure route: refused with the words that clients look for")
  void extrasRefused() {
    Refusal refusal = refusal(AZURE, "\"logprobs\":true,\"user\":\"u\"");

    assertThat(refusal.code()).isEqualTo(ErrorCode.EXTRA_PARAMETERS_NOT_ALLOWED);
    assertThat(refusal.getMessage())
        .contains("['logprobs', 'user']")
        .contains("Set extra-parameters to 'pass-through'");
  }

  @Test
  @DisplayName("A13.1, A13.2, B3.4: dropped extras have no effect, passed ones reach the engine")
  void extrasDroppedOrPassed() {
    String rest = "\"logprobs\":true,\"temperature\":0.5,\"max_completion_tokens\":7";

    ChatRequest dropped = read(AZURE, rest, Extras.Mode.DROP, Routes.CHAT);
    ChatRequest passed = read(AZURE, rest, Extras.Mode.PASS_THROUGH, Routes.CHAT);

    assertThat(dropped.extras()).isEmpty();
    assertThat(dropped.sampling().maxTokens()).isEmpty();
    assertThat(passed.extras()).containsOnlyKeys("logprobs");
    assertThat(passed.sampling().maxTokens()).isEqualTo(OptionalInt.of(7));
  }

  @Test
  @DisplayName("B5 unknown names on /v1 are refused as the native validator does")
  void unknownOnV1() {
    Refusal refusal = refusal(MISTRAL, "\"frobnicate\":1");

    assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_INPUT);
    assertThat(refusal.problems().getFirst().type()).isEqualTo("extra_forbidden");
    assertThat(refusal.getMessage()).contains("Extra inputs are not permitted");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "high"})
  @DisplayName("B5 reasoning_effort is handed on where the tokenizer knows efforts")
  void effort(String effort) {
    ChatRequest request =
        read(
            MISTRAL,
            "\"reasoning_effort\":\"" + effort + "\"",
            Extras.Mode.ERROR,
            Routes.facts(Tokenizer.V15Tekken, 4096));

    assertThat(request.extras()).hasToString("{reasoning_effort=\"" + effort + "\"}");
  }

  @Test
  @DisplayName("B5, B7.5 elsewhere only none is taken, and the server hears nothing of it")
  void noEffort() {
    assertThat(read(MISTRAL, "\"reasoning_effort\":\"none\"").extras()).isEmpty();
    assertThat(refusal(MISTRAL, "\"reasoning_effort\":\"high\"").getMessage())
        .isEqualTo("body.reasoning_effort: must be none for Mistral-Test (given \"high\")");
  }

  @Test
  @DisplayName("B5, B7.5 another reasoning_effort is refused with the words that there are")
  void otherEfforts() {
    Refusal refusal =
        catchThrowableOfType(
            Refusal.class,
            () ->
                read(
                    MISTRAL,
                    "\"reasoning_effort\":\"low\"",
                    Extras.Mode.ERROR,
                    Routes.facts(Tokenizer.V15Tekken, 4096)));

    assertThat(refusal.code()).isEqualTo(ErrorCode.PARAMETER_NOT_SUPPORTED);
    assertThat(refusal.getMessage()).contains("must be none or high", "(given \"low\")");
  }

  @Test
  @DisplayName("B3.5 what OpenAI-style clients send to /v1 is known there")
  void openAiClientsOnV1() {
    ChatRequest request =
        read(
            MISTRAL,
            "\"model\":\"azureai\",\"user\":\"u\",\"n\":1,\"parallel_tool_calls\":false,\"random_seed\":3,"
                + "\"stream\":true,\"stream_options\":{\"include_usage\":true},\"safe_prompt\":false,"
                + "\"max_completion_tokens\":9,\"stop\":\"x\",\"metadata\":{}");

    assertThat(request.usageApart()).isTrue();
    assertThat(request.extras()).isEmpty();
    assertThat(request.sampling().seed()).isEqualTo(OptionalLong.of(3));
    assertThat(request.sampling().maxTokens()).isEqualTo(OptionalInt.of(9));
    assertThat(request.sampling().stop()).containsExactly("x");
  }
}
