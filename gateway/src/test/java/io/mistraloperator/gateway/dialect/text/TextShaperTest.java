package io.mistraloperator.gateway.dialect.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.mistraloperator.gateway.chat.EngineEvent;
import io.mistraloperator.gateway.chat.FinishReason;
import io.mistraloperator.gateway.chat.Usage;
import io.mistraloperator.gateway.dialect.AnswerHead;
import io.mistraloperator.gateway.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A19.7, B6.2 log-probabilities of texts")
class TextShaperTest {
  private static final AnswerHead HEAD = new AnswerHead("0".repeat(32), 7, "Mistral-Base");

  private static EngineEvent piece(String text, String tokens) {
    return new EngineEvent.Text(text, Optional.of((ArrayNode) json("[" + tokens + "]")));
  }

  private static String token(String token, String bytes) {
    return """
    {"token":"%s","logprob":-0.5,"bytes":%s,"top_logprobs":[{"token":"%s","logprob":-0.5}]}"""
        .formatted(token, bytes, token);
  }

  private static JsonNode json(String text) {
    return Json.parse(text.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  /** What the lists of all events are when put together. */
  private static JsonNode lists(boolean stream, List<EngineEvent> pieces) {
    TextShaper shaper = new TextShaper(HEAD, stream, 1, false);
    StringBuilder out = new StringBuilder();
    pieces.forEach(event -> out.append(shaper.shape(0, event)));
    out.append(
        shaper.shape(0, new EngineEvent.Finish(FinishReason.LENGTH, new Usage(3, pieces.size()))));
    var all = Json.object();
    Arrays.stream(out.toString().split("\n\n"))
        .map(event -> event.replaceFirst("^data: ", ""))
        .filter(data -> !data.equals("[DONE]"))
        .map(data -> json(data).path("choices").path(0).path("logprobs"))
        .forEach(
            some ->
                some.properties()
                    .forEach(list -> list.getValue().forEach(all.withArray(list.getKey())::add)));
    return all;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName("offsets count characters: an emoji is one, though its pieces are several tokens")
  void characters(boolean stream) {
    List<EngineEvent> pieces =
        List.of(
            piece("Grü", token("Grü", "[71,114,195,188]")),
            piece("", token("\ufffd", "[240,159,153]")),
            piece("🙂", token("\ufffd", "[130]")),
            piece("!?", token("!", "[33]") + "," + token("?", "[63]")));

    JsonNode lists = lists(stream, pieces);

    assertThat(lists.path("text_offset")).hasToString("[0,3,3,4,5]");
    assertThat(lists.path("tokens")).hasSize(5);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName("tokens without bytes count as what they show, and the text beside them is right")
  void withoutBytes(boolean stream) {
    List<EngineEvent> pieces =
        List.of(
            piece("🙂", token("🙂", "null")),
            piece("", token("\ufffd", "null")),
            piece("é", token("\ufffd", "null")),
            piece("!", token("!", "null")));

    assertThat(lists(stream, pieces).path("text_offset")).hasToString("[0,1,1,2]");
  }

  @Test
  @DisplayName("of alternatives that look alike the likeliest is told")
  void alikeAlternatives() {
    String token =
        """
        {"token":"\ufffd","logprob":-0.5,"bytes":[240],"top_logprobs":[\
        {"token":"\ufffd","logprob":-0.5},{"token":"a","logprob":-1.5},\
        {"token":"\ufffd","logprob":-7.5}]}""";

    assertThat(lists(false, List.of(piece("", token))).path("top_logprobs"))
        .hasToString("[{\"\ufffd\":-0.5,\"a\":-1.5}]");
  }
}
