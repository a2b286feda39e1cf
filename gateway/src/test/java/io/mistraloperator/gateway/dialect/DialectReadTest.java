package io.mistraloperator.gateway.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mistraloperator.api.MistralModelSpec.Tokenizer;
import io.mistraloperator.gateway.chat.ChatRequest;
import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Message;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.chat.Role;
import io.mistraloperator.gateway.dialect.rule.Extras;
import io.mistraloperator.gateway.dialect.rule.SafePrompt;
import io.mistraloperator.gateway.testing.Routes;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DialectReadTest extends ReadingFixture {
  private static final ModelFacts LONG = Routes.facts(Tokenizer.V3Tekken, 32_768);

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
    assertThat(read(MISTRAL, "", Extras.Mode.ERROR, LONG).sampling().maxTokens())
        .isEqualTo(OptionalInt.of(8192));
  }

  @Test
  @DisplayName("C1.6 an answer that may not end by itself gets an end")
  void ignoreEos() {
    ChatRequest endless = read(AZURE, "\"ignore_eos\":true", Extras.Mode.PASS_THROUGH, Routes.CHAT);

    assertThat(endless.sampling().maxTokens()).isEqualTo(OptionalInt.of(4096));
    assertThat(endless.sampling().maxTokensGiven()).isFalse();
    assertThat(
            read(AZURE, "\"ignore_eos\":true", Extras.Mode.PASS_THROUGH, LONG)
                .sampling()
                .maxTokens())
        .isEqualTo(OptionalInt.of(8192));
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
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"messages\":[{\"role\":\"robot\"}],\"temperature\":9,\"foo\":1,\"bar\":2|foo bar messages.0.role temperature",
        "\"messages\":[A,U],\"foo\":1|foo messages.0",
        "\"messages\":[U,{\"role\":\"assistant\",\"content\":\"b\",\"prefix\":\"so\"}],\"top_p\":2|messages.1.prefix top_p",
        "\"messages\":[A,{\"role\":\"user\",\"content\":\"b\",\"prefix\":true}]|messages.1.prefix messages.0",
        "\"messages\":[U,{\"role\":\"assistant\",\"content\":\"b\",\"prefix\":\"so\"},A]|messages.1.prefix messages.2",
        "\"messages\":[U],\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":7,\"description\":7,\"strict\":\"so\"}}"
            + "|response_format.json_schema.schema response_format.json_schema.name response_format.json_schema.description response_format.json_schema.strict",
        "\"messages\":[U],\"tools\":[{\"function\":{\"name\":\"a b\",\"description\":7,\"parameters\":7,\"strict\":\"so\"}}]"
            + "|tools.0.function.name tools.0.function.description tools.0.function.parameters tools.0.function.strict",
        "\"messages\":[U],\"tools\":[{\"function\":{\"name\":\"f\",\"parameters\":7}}],\"tool_choice\":{\"function\":{\"name\":\"f\"}}"
            + "|tools.0.function.parameters",
        "\"messages\":[U],\"tools\":[{\"function\":{\"name\":\"f\"}}],\"tool_choice\":{\"type\":\"banana\",\"function\":{\"name\":\"g\"}}"
            + "|tool_choice.type tool_choice.function.name"
      })
  @DisplayName("B7.3 what is wrong in one place hides nothing in another, and is told once")
  void nothingHides(String body, String places) {
    String json =
        body.replace("A", "{\"role\":\"assistant\",\"content\":\"a\"}")
            .replace("U", "{\"role\":\"user\",\"content\":\"u\"}");

    Refusal refusal =
        catchThrowableOfType(
            Refusal.class,
            () -> MISTRAL.read(object("{" + json + "}"), Extras.Mode.ERROR, Routes.CHAT));

    assertThat(refusal.problems())
        .extracting(problem -> String.join(".", problem.loc()).substring("body.".length()))
        .containsExactly(places.split(" "));
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
