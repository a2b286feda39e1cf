package io.mistraloperator.gateway.dialect.rule;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mistraloperator.gateway.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A11.8, A11.9, G11 lax scalars")
class ScalarsTest {
  private static JsonNode node(String json) {
    return Json.parse(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {"1,1", "0.1,0.1", "\"0.1\",0.1", "\" 2 \",2", "-3e2,-300", "\"1e-1\",0.1"})
  void numbers(String json, double expected) {
    assertThat(Scalars.number(node(json))).isEqualTo(OptionalDouble.of(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\"",
        "\"x\"",
        "\"NaN\"",
        "\"Infinity\"",
        "true",
        "null",
        "[]",
        "{}",
        "[1]",
        "1e999",
        "\"1e999\""
      })
  void notNumbers(String json) {
    assertThat(Scalars.number(node(json))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "3,3",
        "3.0,3",
        "\"3\",3",
        "\"3.0\",3",
        "-1,-1",
        "9223372036854775807,9223372036854775807",
        "1e3,1000"
      })
  void integers(String json, long expected) {
    assertThat(Scalars.integer(node(json))).isEqualTo(OptionalLong.of(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3.5",
        "\"3.5\"",
        "9223372036854775808",
        "true",
        "null",
        "1e300",
        "\"1e999999999\"",
        "\"abc\"",
        "[]"
      })
  void notIntegers(String json) {
    assertThat(Scalars.integer(node(json))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "true,true",
        "false,false",
        "\"True\",true",
        "\"FALSE\",false",
        "1,true",
        "0,false",
        "1.0,true",
        "\"1\",true",
        "\"on\",true"
      })
  void switches(String json, boolean expected) {
    assertThat(Scalars.bool(node(json))).isEqualTo(Optional.of(expected));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "\"maybe\"", "null", "[]", "{}", "\"\""})
  void notSwitches(String json) {
    assertThat(Scalars.bool(node(json))).isEmpty();
  }
}
