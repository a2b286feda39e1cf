package io.mistraloperator.gateway.dialect.rule;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.json.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("B5 the prefix of an answer")
class PrefixTest {
  private static final String USER = "{\"role\":\"user\",\"content\":\"Hi\"}";
  private final Problems problems = new Problems();

  private boolean read(String messages) {
    String json = "{\"messages\":[" + messages + "]}";
    return Prefix.read(
        (ObjectNode) Json.parse(json.getBytes(StandardCharsets.UTF_8)).orElseThrow(), problems);
  }

  private static String assistant(String prefix, String content) {
    return "{\"role\":\"assistant\",\"content\":\"" + content + "\",\"prefix\":" + prefix + "}";
  }

  @Test
  void theLastMessageOfTheAssistantIsContinued() {
    assertThat(read(USER + "," + assistant("\"True\"", "Hello"))).isTrue();
    assertThat(read(USER + "," + assistant("false", "Hello"))).isFalse();
    assertThat(read(USER + "," + assistant("null", "Hello"))).isFalse();
    assertThat(read(USER)).isFalse();
    assertThat(problems.found()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"role\":\"user\",\"content\":\"Hi\",\"prefix\":true}|only a message of the assistant",
        "{\"role\":\"assistant\",\"content\":\"a\",\"prefix\":true},{\"role\":\"user\",\"content\":\"b\"}|only"
            + " the last message",
        "{\"role\":\"assistant\",\"content\":\" \",\"prefix\":true}|text to continue",
        "{\"role\":\"assistant\",\"content\":\"a\",\"prefix\":\"perhaps\"}|true or false",
        "{\"role\":\"assistant\",\"content\":\"a\",\"prefix\":true,\"tool_calls\":[{}]}|tool calls",
        "{\"role\":\"assistant\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"a\",\"prefix\":true}|before"
            + " it"
      })
  void elsewhereItIsRefusedByPlace(String messages, String words) {
    assertThat(read(USER + "," + messages)).isFalse();

    assertThat(problems.found())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.message()).contains(words);
              assertThat(problem.loc()).startsWith("body", "messages").endsWith("prefix");
            });
  }
}
