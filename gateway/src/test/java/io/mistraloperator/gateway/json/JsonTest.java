package io.mistraloperator.gateway.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  private static final String[] PIECES = {
    "lorem ", "\u00e9", "\u20ac", "\ud83d\ude00", "\"", "\\", "\n", "\u0000", "\ud83d", "\ude00"
  };

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4_095, 4_096, 100_000})
  @DisplayName("Long and short texts are written as the library writes them by itself")
  void writesTexts(int length) throws Exception {
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    for (int round = 0; round < 20; round++) {
      StringBuilder text = new StringBuilder();
      while (text.length() < length) {
        text.append(PIECES[random.nextInt(PIECES.length)]);
      }
      ObjectNode tree = Json.object().put("before", 1).put("text", text.toString());
      tree.putArray("list").add(text.toString()).add("after");

      assertThat(Json.bytes(tree).getBytes()).isEqualTo(new ObjectMapper().writeValueAsBytes(tree));
    }
  }

  @Test
  @DisplayName("Servers may answer with more values than clients may send: all tokens of a context")
  void bounds() {
    byte[] tokens = ("[0" + ",0".repeat(300_000) + "]").getBytes(StandardCharsets.UTF_8);

    assertThat(Json.parse(tokens).orElseThrow()).hasSize(300_001);
    assertThat(Json.body(tokens)).isEmpty();
  }
}
