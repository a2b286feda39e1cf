package io.mistraloperator.gateway.dialect.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.chat.TextRequest;
import io.mistraloperator.gateway.dialect.Profile;
import io.mistraloperator.gateway.dialect.rule.Extras;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.testing.Routes;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("B6.1 reading a text to be continued")
class TextReaderTest {
  private static TextRequest read(Profile profile, Extras.Mode mode, String json) {
    ObjectNode body = (ObjectNode) Json.parse(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    return TextReader.read(body, mode, Routes.base(), profile);
  }

  private static TextRequest openAi(String rest) {
    return read(TextDialect.OPENAI, Extras.Mode.ERROR, "{\"prompt\":\"Hi\"" + rest + "}");
  }

  private static Refusal refusal(Profile profile, String json) {
    return catchThrowableOfType(Refusal.class, () -> read(profile, Extras.Mode.ERROR, json));
  }

  @Test
  @DisplayName("G3 a prompt alone is a request; the answer has at most 256 tokens")
  void defaults() {
    TextRequest request = read(TextDialect.AZURE, Extras.Mode.ERROR, "{\"prompt\":\"Hi\"}");

    assertThat(request.prompt()).isEqualTo("Hi");
    assertThat(request.sampling().maxTokens()).hasValue(256);
    assertThat(request.sampling().temperature()).isEqualTo(1);
    assertThat(request.sampling().topP()).isEqualTo(1);
    assertThat(request.logprobs()).isEmpty();
    assertThat(request.choices()).isEqualTo(1);
    assertThat(request.stream()).isFalse();
    assertThat(request.extras()).isEmpty();
  }

  @Test
  void everyParameter() {
    TextRequest request =
        openAi(
            ",\"max_tokens\":\"9\",\"temperature\":0,\"top_p\":0.5,\"presence_penalty\":\"0.1\","
                + "\"frequency_penalty\":-1,\"stop\":\"x\",\"seed\":7,\"stream\":\"True\","
                + "\"logprobs\":5.0,\"n\":3,\"best_of\":\"3\",\"echo\":false,\"suffix\":null,"
                + "\"logit_bias\":{\"5\":-100},\"user\":\"me\",\"ignore_eos\":true,"
                + "\"stream_options\":{\"include_usage\":true},\"model\":\"any\"");

    assertThat(request.sampling().maxTokens()).hasValue(9);
    assertThat(request.sampling().stop()).containsExactly("x");
    assertThat(request.sampling().seed()).hasValue(7);
    assertThat(request.logprobs()).hasValue(5);
    assertThat(request.choices()).isEqualTo(3);
    assertThat(request.choice(1).choices()).isEqualTo(1);
    assertThat(request.choice(1).sampling().seed()).hasValue(6);
    assertThat(request.stream()).isTrue();
    assertThat(request.usageApart()).isTrue();
    assertThat(request.extras()).containsOnlyKeys("logit_bias", "ignore_eos");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"Hi\"", "[\"Hi\"]"})
  void prompts(String prompt) {
    assertThat(read(TextDialect.AZURE, Extras.Mode.ERROR, "{\"prompt\":" + prompt + "}").prompt())
        .isEqualTo("Hi");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{};prompt;string_type",
        "{\"prompt\":null};prompt;string_type",
        "{\"prompt\":\"\"};prompt;string_type",
        "{\"prompt\":[]};prompt;string_type",
        "{\"prompt\":{}};prompt;string_type",
        "{\"prompt\":[\"a\",\"b\"]};prompt;parameter_not_supported",
        "{\"prompt\":[1,2]};prompt;parameter_not_supported",
        "{\"prompt\":[[1,2]]};prompt;parameter_not_supported",
        "{\"prompt\":\"a\",\"temperature\":3};temperature;out_of_range",
        "{\"prompt\":\"a\",\"max_tokens\":5000};max_tokens;out_of_range",
        "{\"prompt\":\"a\",\"logprobs\":21};logprobs;out_of_range",
        "{\"prompt\":\"a\",\"logprobs\":true};logprobs;int_type",
        "{\"prompt\":\"a\",\"n\":17};n;out_of_range",
        "{\"prompt\":\"a\",\"n\":0};n;out_of_range",
        "{\"prompt\":\"a\",\"best_of\":2};best_of;parameter_not_supported",
        "{\"prompt\":\"a\",\"n\":2,\"best_of\":1};best_of;parameter_not_supported",
        "{\"prompt\":\"a\",\"random_seed\":-1};random_seed;out_of_range",
        "{\"prompt\":\"a\",\"echo\":true};echo;parameter_not_supported",
        "{\"prompt\":\"a\",\"suffix\":\"b\"};suffix;parameter_not_supported",
        "{\"prompt\":\"a\",\"messages\":[]};messages;extra_forbidden"
      })
  void wrong(String json, String where, String type) {
    Refusal refusal = refusal(TextDialect.OPENAI, json);

    assertThat(refusal.problems()).hasSize(1);
    assertThat(refusal.problems().getFirst().loc()).containsExactly("body", where);
    assertThat(refusal.problems().getFirst().type()).isEqualTo(type);
  }

  @Test
  @DisplayName("B7.3 unknown names hide nothing else that is wrong")
  void everyProblem() {
    assertThat(refusal(TextDialect.OPENAI, "{\"foo\":1,\"prompt\":7,\"temperature\":9}").problems())
        .extracting(problem -> problem.loc().getLast())
        .containsExactly("foo", "prompt", "temperature");
  }

  @Test
  @DisplayName("B3.1 on the Azure route other parameters need leave")
  void extras() {
    String json = "{\"prompt\":\"Hi\",\"logprobs\":2,\"top_k\":5}";

    assertThat(refusal(TextDialect.AZURE, json).code())
        .isEqualTo(ErrorCode.EXTRA_PARAMETERS_NOT_ALLOWED);
    assertThat(read(TextDialect.AZURE, Extras.Mode.DROP, json).logprobs()).isEmpty();
    TextRequest passed = read(TextDialect.AZURE, Extras.Mode.PASS_THROUGH, json);
    assertThat(passed.logprobs()).hasValue(2);
    assertThat(passed.extras()).containsOnlyKeys("top_k");
  }
}
