package io.mistraloperator.gateway.dialect.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
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
        Extras.forEngine(
            body(
                "{\"logprobs\":1,\"top_logprobs\":5.0,\"ignore_eos\":\"true\",\"logit_bias\":{\"7\":-100}}"),
            Set.of(),
            problems);

    assertThat(problems.found()).isEmpty();
    assertThat(passed)
        .hasToString("{logprobs=true, top_logprobs=5, ignore_eos=true, logit_bias={\"7\":-100}}");
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
        "{\"guardrails\":[1]}|guardrails",
        "{\"prompt_mode\":\"reasoning\"}|prompt_mode",
        "{\"reasoning_effort\":\"high\"}|reasoning_effort"
      })
  @DisplayName("A13.5 and ranges")
  void refused(String json, String name) {
    Extras.forEngine(body(json), Set.of(), problems);

    assertThat(problems.found()).singleElement().satisfies(p -> assertThat(p.loc()).contains(name));
  }

  @Test
  void whatWouldSteerTheServerIsNeverPassed() {
    Map<String, ?> passed =
        Extras.forEngine(
            body(
                "{\"id_slot\":1,\"n_cmpl\":2,\"best_of\":2,\"reasoning_effort\":\"none\",\"guardrails\":null,\"chat_template\":\"x\",\"user\":\"u\",\"repetition_penalty\":1.1}"),
            Set.of(),
            problems);

    assertThat(passed).containsOnlyKeys("repetition_penalty");
  }
}
