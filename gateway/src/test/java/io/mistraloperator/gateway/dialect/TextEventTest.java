package io.mistraloperator.gateway.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mistraloperator.gateway.json.Json;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("B4.1, B4.5 an event whose frame is written once has the bytes of any other")
class TextEventTest {
  private static JsonNode data(String text) {
    return Json.object().put("model", "a<text>\u00e9").put("content", text).put("end", 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        " plain text ",
        "<text>",
        "\"",
        "\\",
        "\n",
        "\u0000",
        "\u007f",
        "/",
        "\u00e9",
        "\u2028",
        "\ud83d\ude00",
        "\ud83d"
      })
  void sameBytes(String text) {
    TextEvent event = TextEvent.like(TextEventTest::data);
    Buffer expected = Buffer.buffer();
    Events.append(expected, data(text));
    Buffer actual = Buffer.buffer();
    event.append(actual, text);
    assertThat(actual).isEqualTo(expected);
  }
}
