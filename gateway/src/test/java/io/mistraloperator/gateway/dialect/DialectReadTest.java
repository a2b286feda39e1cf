package io.mistraloperator.gateway.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.AnswerFormat;
import io.mistraloperator.gateway.chat.ChatRequest;
import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Message;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.chat.Role;
import io.mistraloperator.gateway.chat.ToolChoice;
import io.mistraloperator.gateway.dialect.rule.Extras;
import io.mistraloperator.gateway.dialect.rule.SafePrompt;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.testing.Routes;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DialectReadTest {
  private static final String USER = "\"messages\":[{\"content\":\"Hi\",\"role\":\"user\"}]";
  private static final String TOOLS =
      "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}},"
          + "{\"type\":\"function\",\"function\":{\"name\":\"g\"}}]";
  private static final Dialect.Chat AZURE = new Dialect.Azure();
  private static final Dialect.Chat MISTRAL = new Dialect.Mistral();

  private static ChatRequest read(Dialect.Chat dialect, String rest) {
    return read(dialect, rest, Extras.Mode.ERROR, Routes.CHAT);
  }

  private static ChatRequest read(
      Dialect.Chat dialect, String rest, Extras.Mode mode, ModelFacts model) {
    String json = "{" + USER + (rest.isEmpty() ? "" : "," + rest) + "}";
    return dialect.read(object(json), mode, model);
  }

  private static ObjectNode object(String json) {
    return (ObjectNode) Json.parse(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  private static Refusal refusal(Dialect.Chat dialect, String rest) {
    return catchThrowableOfType(Refusal.class, () -> read(dialect, rest));
  }

  @Test
  @DisplayName("A9.1, A14.4, G2 messages alone are a request; defaults are the documented ones")
  void messagesAlone() {
    ChatRequest request = read(AZURE, "");

    assertThat(request.messages()).containsExactly(Message.of(Role.USER, "Hi"));
    assertThat(request.sampling().temperature()).isEqualTo(1);
    assertThat(request.sampling().topP()).isEqualTo(1);
    assertThat(request.sampling().maxTokens()).isEmpty();
    assertThat(request.stream()).isFalse();
  }

  @Test
  @DisplayName("A19.2, G3 on /v1 max_tokens is 8192 by default, or the context where that is less")
  void maxTokensDefault() {
    assertThat(read(MISTRAL, "").sampling().maxTokens()).isEqualTo(OptionalInt.of(4096));
  }

  @Test
  @DisplayName("C1.6 an answer that may not end by itself gets an end")
  void ignoreEos() {
    ChatRequest endless = read(AZURE, "\"ignore_eos\":true", Extras.Mode.PASS_THROUGH, Routes.CHAT);

    assertThat(endless.sampling().maxTokens()).isEqualTo(OptionalInt.of(4096));
    assertThat(endless.sampling().maxTokensGiven()).isFalse();
    assertThat(read(AZURE, "\"max_tokens\":5").sampling().maxTokensGiven()).isTrue();
  }

  @Test
  @DisplayName("A11.8 numbers written as text are numbers")
  void numbersAsText() {
    ChatRequest request =
        read(
            AZURE,
            "\"presence_penalty\":\"0.1\",\"frequency_penalty\":\"0.8\",\"max_tokens\":\"2048\",\"stream\":\"True\"");

    assertThat(request.sampling().presencePenalty()).isEqualTo(0.1);
    assertThat(request.sampling().frequencyPenalty()).isEqualTo(0.8);
    assertThat(request.sampling().maxTokens()).isEqualTo(OptionalInt.of(2048));
    assertThat(request.stream()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"temperature\":-0.1|temperature",
        "\"temperature\":2.1|temperature",
        "\"top_p\":1.1|top_p",
        "\"presence_penalty\":-2.1|presence_penalty",
        "\"frequency_penalty\":3|frequency_penalty",
        "\"max_tokens\":-1|max_tokens",
        "\"max_tokens\":4097|max_tokens",
        "\"max_tokens\":1.5|max_tokens",
        "\"stream\":\"perhaps\"|stream",
        "\"seed\":\"x\"|seed",
        "\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]|stop",
        "\"stop\":[\"\"]|stop.0",
        "\"stop\":5|stop",
        "\"seed\":1,\"random_seed\":2|random_seed",
        "\"response_format\":\"json\"|response_format",
        "\"response_format\":{\"type\":\"xml\"}|response_format",
        "\"response_format\":{\"type\":\"json_schema\"}|response_format.json_schema.schema",
        "\"tools\":[]|tools",
        "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a b\"}}]|tools.0.function.name",
        "\"tools\":[{\"type\":\"web\"}]|tools.0.type",
        "\"tool_choice\":\"required\"|tool_choice",
        "\"tool_choice\":\"sometimes\"|tool_choice"
      })
  @DisplayName("B2, B7.2 values of the wrong type or out of range")
  void refused(String rest, String loc) {
    Refusal refusal = refusal(AZURE, rest);

    assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_INPUT);
    assertThat(refusal.problems())
        .singleElement()
        .satisfies(p -> assertThat(String.join(".", p.loc())).isEqualTo("body." + loc));
  }

  @Test
  @DisplayName("B7.3 every problem is told")
  void everyProblemIsTold() {
    Refusal refusal =
        catchThrowableOfType(
            Refusal.class,
            () ->
                AZURE.read(
                    object(
                        "{\"messages\":[{\"role\":\"user\"},{\"role\":\"robot\",\"content\":\"x\"}],\"temperature\":9,\"top_p\":\"x\"}"),
                    Extras.Mode.ERROR,
                    Routes.CHAT));

    assertThat(refusal.problems())
        .extracting(p -> String.join(".", p.loc()))
        .containsExactly(
            "body.messages.0.content", "body.messages.1.role", "body.temperature", "body.top_p");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{\"messages\":[]}", "{\"messages\":\"hi\"}", "{\"messages\":null}"})
  @DisplayName("B2 messages are needed")
  void messagesAreNeeded(String json) {
    Refusal refusal =
        catchThrowableOfType(
            Refusal.class, () -> AZURE.read(object(json), Extras.Mode.ERROR, Routes.CHAT));

    assertThat(refusal.problems())
        .singleElement()
        .satisfies(p -> assertThat(p.loc()).containsExactly("body", "messages"));
  }

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

  @ParameterizedTest
  @ValueSource(strings = {"\"content\":null", "\"content\":\"\"", "\"name\":\"a\""})
  @DisplayName("B5 an assistant may have said nothing; that is no turn")
  void silentAssistant(String said) {
    ChatRequest request =
        AZURE.read(
            object(
                "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\","
                    + said
                    + "},{\"role\":\"user\",\"content\":\"b\"}]}"),
            Extras.Mode.ERROR,
            Routes.CHAT);

    assertThat(request.messages()).containsExactly(Message.of(Role.USER, "a\n\nb"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"function\":{\"name\":\"f\"}}|tool_calls",
        "[{\"function\":{\"name\":\"f\",\"arguments\":[1]}}]|arguments",
        "[{\"function\":{\"name\":\"f\",\"arguments\":7}}]|arguments",
        "[{\"function\":{\"arguments\":\"{}\"}}]|name",
        "[7]|name"
      })
  @DisplayName("C2.2 what is no call is refused by place, not lost")
  void brokenCalls(String calls, String place) {
    Refusal refusal =
        catchThrowableOfType(
            Refusal.class,
            () ->
                AZURE.read(
                    object(
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},"
                            + "{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":"
                            + calls
                            + "},{\"role\":\"tool\",\"content\":\"r\"}]}"),
                    Extras.Mode.ERROR,
                    Routes.CHAT));

    assertThat(refusal.problems())
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.loc()).startsWith("body", "messages", "1").endsWith(place));
  }

  @Test
  @DisplayName("C5 stream_options are an object")
  void streamOptions() {
    assertThat(refusal(MISTRAL, "\"stream_options\":\"all\"").problems())
        .singleElement()
        .satisfies(p -> assertThat(p.loc()).containsExactly("body", "stream_options"));
    assertThat(read(MISTRAL, "\"stream_options\":null").usageApart()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"safe_prompt", "safe_mode"})
  @DisplayName("A14.1, A14.3 the safety prompt leads the conversation, under both names")
  void safePrompt(String name) {
    ChatRequest request = read(AZURE, "\"" + name + "\":true");

    assertThat(request.messages())
        .containsExactly(Message.of(Role.SYSTEM, SafePrompt.TEXT), Message.of(Role.USER, "Hi"));
  }
}
