package io.mistraloperator.gateway.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.api.MistralModelSpec.Task;
import io.mistraloperator.gateway.chat.AnswerFormat;
import io.mistraloperator.gateway.chat.ChatRequest;
import io.mistraloperator.gateway.chat.Message;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.chat.Role;
import io.mistraloperator.gateway.chat.Sampling;
import io.mistraloperator.gateway.dialect.rule.Extras;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.testing.Routes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is accepted, value by value; what is refused is in {@link DialectReadTest}. */
class ParameterReadTest {
  private static final String USER = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";
  private static final List<Dialect.Chat> CHATS =
      List.of(new Dialect.Azure(), new Dialect.Mistral());

  private static ChatRequest read(Dialect dialect, String json, ModelFacts model) {
    ObjectNode body = (ObjectNode) Json.parse(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    return (ChatRequest) dialect.read(body, Extras.Mode.ERROR, model);
  }

  private static ChatRequest with(Dialect dialect, String parameter) {
    return read(dialect, "{" + USER + "," + parameter + "}", Routes.CHAT);
  }

  private static Arguments value(String parameter, Function<Sampling, Object> read, Object value) {
    return arguments(parameter, read, value);
  }

  private static Stream<Arguments> values() {
    return Stream.of(
        value("\"temperature\":0", Sampling::temperature, 0.0),
        value("\"temperature\":2", Sampling::temperature, 2.0),
        value("\"temperature\":null", Sampling::temperature, 1.0),
        value("\"top_p\":0", Sampling::topP, 0.0),
        value("\"top_p\":1", Sampling::topP, 1.0),
        value("\"max_tokens\":0", Sampling::maxTokens, OptionalInt.of(0)),
        value("\"max_tokens\":2048", Sampling::maxTokens, OptionalInt.of(2048)),
        value("\"max_tokens\":4096", Sampling::maxTokens, OptionalInt.of(4096)),
        value("\"presence_penalty\":-2", Sampling::presencePenalty, -2.0),
        value("\"presence_penalty\":0.1", Sampling::presencePenalty, 0.1),
        value("\"frequency_penalty\":2", Sampling::frequencyPenalty, 2.0),
        value("\"frequency_penalty\":0.8", Sampling::frequencyPenalty, 0.8),
        value("\"stop\":[\"<|endoftext|>\"]", Sampling::stop, List.of("<|endoftext|>")),
        value("\"stop\":\"end\"", Sampling::stop, List.of("end")),
        value("\"stop\":[\"a\",\"b\",\"c\",\"d\"]", Sampling::stop, List.of("a", "b", "c", "d")),
        value("\"seed\":-9223372036854775808", Sampling::seed, OptionalLong.of(Long.MIN_VALUE)),
        value("\"seed\":42", Sampling::seed, OptionalLong.of(42)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @DisplayName("A11.1 to A11.5, A11.7, A19.2, B2, G2: values up to their bounds are accepted")
  void values(String parameter, Function<Sampling, Object> read, Object value) {
    for (Dialect.Chat dialect : CHATS) {
      assertThat(read.apply(with(dialect, parameter).sampling())).isEqualTo(value);
    }
  }

  @ParameterizedTest
  @CsvSource({"system,SYSTEM", "developer,SYSTEM", "user,USER"})
  @DisplayName("A9.10 every role is read")
  void roles(String word, Role role) {
    String json = "{\"messages\":[{\"role\":\"" + word + "\",\"content\":\"a\"},C]}";

    ChatRequest request =
        read(
            new Dialect.Azure(),
            json.replace("C", "{\"role\":\"user\",\"content\":\"b\"}"),
            Routes.CHAT);

    assertThat(request.messages().getFirst().role()).isEqualTo(role);
    assertThat(request.messages().getFirst().text()).startsWith("a");
  }

  @Test
  @DisplayName("A9.10 the assistant and tools take their turns")
  void assistantAndTool() {
    ChatRequest request =
        read(
            new Dialect.Mistral(),
            """
            {"messages":[{"role":"user","content":"a"},
             {"role":"assistant","content":"","tool_calls":[{"id":"abc0dF1gh","function":{"name":"f","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"abc0dF1gh","name":"f","content":"r"}]}\
            """,
            Routes.CHAT);

    assertThat(request.messages())
        .extracting(Message::role)
        .containsExactly(Role.USER, Role.ASSISTANT, Role.TOOL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"system", "developer", "user"})
  @DisplayName("A19.4 a message has a role, and content unless the assistant is silent")
  void contentIsNeeded(String role) {
    String missing = "{\"messages\":[{\"role\":\"" + role + "\"},{\"content\":\"b\"}]}";
    for (Dialect.Chat dialect : CHATS) {
      Refusal refusal =
          catchThrowableOfType(Refusal.class, () -> read(dialect, missing, Routes.CHAT));

      assertThat(refusal.problems())
          .extracting(problem -> String.join(".", problem.loc()))
          .containsExactly("body.messages.0.content", "body.messages.1.role");
    }
  }

  @Test
  @DisplayName("A12.3 JSON mode adds nothing to what the client says")
  void jsonModeAddsNothing() {
    ChatRequest request =
        with(new Dialect.Azure(), "\"response_format\":{\"type\":\"json_object\"}");

    assertThat(request.format()).isEqualTo(new AnswerFormat.JsonObject());
    assertThat(request.messages()).containsExactly(Message.of(Role.USER, "Hi"));
  }

  @Test
  @DisplayName("A12.4 a model without JSON mode can be asked for JSON in words")
  void jsonInWords() {
    String words = "{\"messages\":[{\"role\":\"user\",\"content\":\"Answer in JSON.\"}]}";

    ChatRequest request = read(new Dialect.Azure(), words, Routes.facts(false, false, false));

    assertThat(request.messages()).containsExactly(Message.of(Role.USER, "Answer in JSON."));
    assertThat(request.format()).isEqualTo(new AnswerFormat.Text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"safe_prompt\":false", "\"safe_mode\":\"False\"", "\"random_seed\":3"})
  @DisplayName("B3.2 what Mistral's clients send by themselves is known on every route")
  void knownEverywhere(String parameter) {
    for (Dialect.Chat dialect : CHATS) {
      ChatRequest request = with(dialect, parameter);

      assertThat(request.messages()).containsExactly(Message.of(Role.USER, "Hi"));
      assertThat(request.extras()).isEmpty();
    }
    ChatRequest scored =
        read(
            new Dialect.Score(Task.ChatCompletions),
            "{\"input_data\":{\"input_string\":"
                + USER.substring("\"messages\":".length())
                + ",\"parameters\":{"
                + parameter
                + "}}}",
            Routes.CHAT);
    assertThat(scored.messages()).containsExactly(Message.of(Role.USER, "Hi"));
    assertThat(scored.extras()).isEmpty();
  }

  @Test
  @DisplayName("B3.2 random_seed is known on every route of texts, safe_prompt is of chats")
  void knownForTexts() {
    String text = "{\"prompt\":\"Hi\",\"random_seed\":3}";
    String scored = "{\"input_data\":[\"Hi\"],\"params\":{\"random_seed\":3}}";
    String safe = "{\"prompt\":\"Hi\",\"safe_prompt\":false}";

    assertThat(
            Stream.of(
                new Dialect.AzureText().read(object(text), Extras.Mode.ERROR, Routes.base()),
                new Dialect.OpenAiText().read(object(text), Extras.Mode.ERROR, Routes.base()),
                new Dialect.Score(Task.TextGeneration)
                    .read(object(scored), Extras.Mode.ERROR, Routes.base())))
        .allSatisfy(request -> assertThat(request.sampling().seed()).hasValue(3));
    assertThatThrownBy(
            () -> new Dialect.AzureText().read(object(safe), Extras.Mode.ERROR, Routes.base()))
        .hasMessageContaining("['safe_prompt']");
  }

  private static ObjectNode object(String json) {
    return (ObjectNode) Json.parse(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  @Test
  @DisplayName("C1.7 random_seed becomes seed; another one beside it is refused")
  void seeds() {
    for (Dialect.Chat dialect : CHATS) {
      assertThat(with(dialect, "\"random_seed\":3").sampling().seed())
          .isEqualTo(OptionalLong.of(3));
      assertThat(with(dialect, "\"random_seed\":3,\"seed\":3").sampling().seed())
          .isEqualTo(OptionalLong.of(3));
      assertThat(
              catchThrowableOfType(
                      Refusal.class, () -> with(dialect, "\"random_seed\":3,\"seed\":4"))
                  .problems())
          .singleElement()
          .satisfies(problem -> assertThat(problem.loc()).containsExactly("body", "random_seed"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"schema\":{\"type\":\"object\"}}|{\"name\":\"answer\",\"schema\":{\"type\":\"object\"}}",
        "{\"name\":\"n\",\"strict\":\"true\",\"schema\":{},\"other\":1}|{\"name\":\"n\",\"schema\":{},\"strict\":true}"
      })
  @DisplayName("C1.5 a JSON schema is sent in its nested form, with a name")
  void jsonSchema(String given, String sent) {
    AnswerFormat format =
        with(
                new Dialect.Azure(),
                "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":" + given + "}")
            .format();

    assertThat(((AnswerFormat.JsonSchema) format).definition()).hasToString(sent);
  }

  @Test
  @DisplayName("A13.6 logprobs, ignore_eos and safe_prompt are extras that every chat model takes")
  void documentedExtras() {
    ObjectNode body =
        (ObjectNode)
            Json.parse(
                    ("{" + USER + ",\"logprobs\":true,\"ignore_eos\":true,\"safe_prompt\":true}")
                        .getBytes(StandardCharsets.UTF_8))
                .orElseThrow();

    ChatRequest request =
        new Dialect.Azure().read(body, Extras.Mode.PASS_THROUGH, Routes.facts(false, false, false));

    assertThat(request.extras()).containsOnlyKeys("logprobs", "ignore_eos");
    assertThat(request.messages().getFirst().text()).startsWith("Always assist with care");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"r\"|r",
        "[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]|a b",
        "null|``"
      })
  @DisplayName("C2.5 a tool's result is text, or parts of text")
  void results(String content, String read) {
    assertThat(resultOf(content).messages().getLast().text().replace('\n', ' ')).isEqualTo(read);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":1}", "7", "[]", "[{\"type\":\"image_url\"}]", "[1]"})
  @DisplayName("C2.5 a tool's result of another form is refused by place")
  void otherResults(String content) {
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> resultOf(content));

    assertThat(refusal.problems())
        .allSatisfy(
            problem -> assertThat(problem.loc()).startsWith("body", "messages", "2", "content"));
  }

  private static ChatRequest resultOf(String content) {
    return read(
        new Dialect.Azure(),
        """
        {"messages":[{"role":"user","content":"a"},
         {"role":"assistant","tool_calls":[{"id":"abc0dF1gh","function":{"name":"f"}}]},
         {"role":"tool","tool_call_id":"abc0dF1gh","content":%s}]}\
        """
            .formatted(content),
        Routes.CHAT);
  }
}
