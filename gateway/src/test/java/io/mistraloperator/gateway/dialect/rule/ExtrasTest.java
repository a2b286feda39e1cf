package io.mistraloperator.gateway.dialect.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.Sampling;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.testing.Routes;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("B3.4 extra parameters")
class ExtrasTest {
  private final Problems problems = new Problems();

  private static ObjectNode body(String json) {
    return (ObjectNode) Json.parse(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "extra-parameters,pass-through,PASS_THROUGH",
    "extra-params,pass-through,PASS_THROUGH",
    "extra-params,passthrough,PASS_THROUGH",
    "unknown-parameters,pass_through,PASS_THROUGH",
    "extra-parameters,Pass-Through,PASS_THROUGH",
    "extra-parameters,drop,DROP",
    "extra-parameters,ignore,DROP",
    "extra-parameters,error,ERROR",
    "other,pass-through,ERROR"
  })
  @DisplayName("A13.3, B3.3, G12 every spelling of the header")
  void everySpellingOfTheHeader(String name, String value, Extras.Mode expected) {
    Map<String, String> headers = Map.of(name, value);

    assertThat(Extras.mode(header -> Optional.ofNullable(headers.get(header)))).isEqualTo(expected);
  }

  @Test
  @DisplayName("B3.3 another value is refused with the ones that there are")
  void anotherValueIsRefusedWithTheOnesThatThereAre() {
    assertThatThrownBy(() -> Extras.mode(header -> Optional.of("keep")))
        .hasMessageContaining("error, drop or pass-through");
  }

  @Test
  void whatIsKnownOrNullIsNoExtra() {
    assertThat(Extras.names(body("{\"a\":1,\"b\":2,\"c\":null}"), Set.of("a")))
        .containsExactly("b");
  }

  @Test
  @DisplayName("A13.4 the odd types of the documented table are read")
  void oddTypes() {
    Map<String, ?> passed =
        passed(
            "{\"logprobs\":1,\"top_logprobs\":5.0,\"ignore_eos\":\"true\",\"logit_bias\":{\"7\":-100}}");

    assertThat(problems.found()).isEmpty();
    assertThat(passed)
        .hasToString("{logprobs=true, top_logprobs=5, ignore_eos=true, logit_bias={\"7\":-100}}");
  }

  @Test
  @DisplayName("A13.4, G11 what engines get are numbers, however the client wrote them")
  void numbers() {
    Map<String, ?> passed =
        passed(
            "{\"logit_bias\":{\"7\":\"5\",\"8\":\"-0.5\",\"9\":1.5},\"top_k\":\"-1\","
                + "\"min_p\":\"0.1\",\"repetition_penalty\":1,\"min_tokens\":9.0}");

    assertThat(problems.found()).isEmpty();
    assertThat(passed)
        .hasToString(
            "{logit_bias={\"7\":5,\"8\":-0.5,\"9\":1.5}, top_k=-1, min_p=0.1,"
                + " repetition_penalty=1.0, min_tokens=9}");
  }

  private Map<String, ?> passed(String json) {
    ObjectNode body = body(json);
    Sampling sampling =
        Samplings.read(body, Routes.CHAT.contextLength(), OptionalInt.empty(), problems);
    return Extras.forEngine(body, Samplings.NAMES, Routes.CHAT, sampling, problems);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"top_logprobs\":3}|top_logprobs",
        "{\"top_logprobs\":3,\"logprobs\":false}|top_logprobs",
        "{\"top_logprobs\":21,\"logprobs\":true}|top_logprobs",
        "{\"logprobs\":\"many\"}|logprobs",
        "{\"logit_bias\":[1]}|logit_bias",
        "{\"logit_bias\":{\"7\":101}}|logit_bias",
        "{\"logit_bias\":{\"word\":1}}|logit_bias",
        "{\"logit_bias\":{\"7\":\"much\"}}|logit_bias",
        "{\"logit_bias\":{\"-7\":1}}|logit_bias",
        "{\"top_k\":-2}|top_k",
        "{\"top_k\":0.5}|top_k",
        "{\"min_p\":1.1}|min_p",
        "{\"repetition_penalty\":0}|repetition_penalty",
        "{\"repetition_penalty\":\"x\"}|repetition_penalty",
        "{\"min_tokens\":-1}|min_tokens",
        "{\"min_tokens\":6,\"max_tokens\":5}|min_tokens",
        "{\"guardrails\":[1]}|guardrails",
        "{\"prompt_mode\":\"reasoning\"}|prompt_mode",
        "{\"reasoning_effort\":\"high\"}|reasoning_effort"
      })
  @DisplayName("A13.5 and ranges")
  void refused(String json, String name) {
    passed(json);

    assertThat(problems.found()).singleElement().satisfies(p -> assertThat(p.loc()).contains(name));
  }

  @Test
  void whatWouldSteerTheServerIsNeverPassed() {
    Map<String, ?> passed =
        passed(
            "{\"id_slot\":1,\"n_cmpl\":2,\"best_of\":2,\"reasoning_effort\":\"none\",\"guardrails\":null,\"chat_template\":\"x\",\"user\":\"u\",\"repetition_penalty\":1.1}");

    assertThat(passed).containsOnlyKeys("repetition_penalty");
  }
}
