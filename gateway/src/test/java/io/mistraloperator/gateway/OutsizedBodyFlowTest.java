package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.testing.FlowFixture;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("B7.4 bodies within the limit of bytes that would take many times as much")
class OutsizedBodyFlowTest extends FlowFixture {
  private static final int LONGEST_ANSWER = 256 * 1024;

  private static String messages(String each, int count) {
    return "{\"messages\":[" + (each + ",").repeat(count - 1) + each + "]}";
  }

  private JsonNode refusal(String path, String body, int status) {
    HttpResponse<String> answer = gateway.post(route, path, body);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).hasSizeLessThan(LONGEST_ANSWER);
    return Json.parse(answer.body().getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  @Test
  @DisplayName("B7.3 a hundred problems are listed, the others are told by their number")
  void manyProblems() {
    JsonNode envelope = refusal("/chat/completions", messages("{}", 30_000), 422);

    assertThat(envelope.path("detail")).hasSize(100);
    assertThat(envelope.path("message").asText()).endsWith("; and 29900 more problems");
  }

  @Test
  void manyUnknownParameters() {
    StringBuilder body = new StringBuilder("{\"messages\":[]");
    for (int i = 0; i < 50_000; i++) {
      body.append(",\"x").append(i).append("\":1");
    }
    body.append('}');

    refusal("/chat/completions", body.toString(), 400);
    assertThat(refusal("/v1/chat/completions", body.toString(), 422).path("detail")).hasSize(100);
  }

  @Test
  void longNames() {
    refusal("/v1/chat/completions", "{\"" + "x".repeat(40_000) + "\":1}", 422);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "{}", "[]", "{\"a\":0}"})
  @DisplayName("more values than any conversation has are not read")
  void manyValues(String value) {
    JsonNode envelope = refusal("/chat/completions", messages(value, 400_000), 400);

    assertThat(envelope.path("code").asText()).isEqualTo("invalid_json");
    assertThat(envelope.path("message").asText()).contains("more than 250000 names, values");
  }

  @Test
  void deepValues() {
    JsonNode envelope =
        refusal("/chat/completions", "{\"messages\":" + "[".repeat(5000) + "]".repeat(5000), 400);

    assertThat(envelope.path("message").asText()).contains("more than 1000 levels");
  }
}
