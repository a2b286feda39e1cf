package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.StubEngine;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("C2.9 what the model does with tools is checked")
class ToolDemandFlowTest extends FlowFixture {
  private static final String[] TEXT = {
    StubEngine.text("I would rather chat"),
    StubEngine.chunk("{}", "stop"),
    StubEngine.usage(5, 4),
    "[DONE]"
  };

  private static String body(String choice, boolean stream) {
    return "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}],\"tool_choice\":"
        + choice
        + ",\"stream\":"
        + stream
        + ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}},"
        + "{\"type\":\"function\",\"function\":{\"name\":\"g\"}}]}";
  }

  private static String[] call(String name, String arguments, String finish) {
    return new String[] {
      StubEngine.chunk(
          "{\"tool_calls\":[{\"index\":0,\"id\":\"abc0dF1gh\",\"function\":{\"name\":\""
              + name
              + "\",\"arguments\":\""
              + arguments
              + "\"}}]}",
          null),
      StubEngine.chunk("{}", finish),
      StubEngine.usage(5, 9),
      "[DONE]"
    };
  }

  private void streamsInTurn(String[]... answers) {
    AtomicInteger next = new AtomicInteger();
    engine.plays(
        (request, response) ->
            StubEngine.begin(response)
                .end(
                    StubEngine.frames(
                        answers[Math.min(next.getAndIncrement(), answers.length - 1)])));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aDemandedCallThatMissesIsGeneratedOnceMore(boolean stream) {
    streamsInTurn(TEXT, call("f", "{}", "stop"));

    HttpResponse<String> answer =
        gateway.post(route, "/chat/completions", body("\"required\"", stream));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("\"name\":\"f\"", "\"finish_reason\":\"tool_calls\"")
        .doesNotContain("rather");
    assertThat(engine.seen()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void twoMissesAreAnErrorAndNothingIsTold(boolean stream) {
    streamsInTurn(TEXT);

    HttpResponse<String> answer =
        gateway.post(route, "/chat/completions", body("\"required\"", stream));

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.headers().firstValue("x-ms-error-code")).contains("EngineFailed");
    assertThat(answer.body()).contains("called no tool").doesNotContain("rather");
    assertThat(engine.seen()).hasSize(2);
  }

  @Test
  void anotherToolThanTheNamedOneIsAMiss() {
    streamsInTurn(call("g", "{}", "tool_calls"), call("f", "{}", "tool_calls"));

    HttpResponse<String> answer =
        gateway.post(
            route,
            "/chat/completions",
            body("{\"type\":\"function\",\"function\":{\"name\":\"f\"}}", false));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"name\":\"f\"").doesNotContain("\"name\":\"g\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"h|{}", "f|{broken", "f|[1]"})
  @DisplayName("a call that nobody can make is a miss, demanded or not")
  void uselessCalls(String call) {
    String[] parts = call.split("\\|");
    streamsInTurn(call(parts[0], parts[1], "tool_calls"));

    HttpResponse<String> answer = gateway.post(route, "/chat/completions", body("\"auto\"", true));

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(engine.seen()).hasSize(2);
  }

  @Test
  @DisplayName("B4.11, C2.9 after text was told there is no second try: an error event and the end")
  void uselessCallAfterText() {
    String[] call = call("h", "{}", "tool_calls");
    engine.streams(StubEngine.text("Let me see"), call[0], call[1], call[2], call[3]);

    String answer = gateway.post(route, "/chat/completions", body("\"auto\"", true)).body();

    assertThat(answer)
        .contains("Let me see", "\"code\":\"EngineFailed\"")
        .endsWith("data: [DONE]\n\n");
    assertThat(engine.seen()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"required\"", "\"auto\""})
  @DisplayName("C2.9 a call that max_tokens cut off is left out, and length says so")
  void cutOff(String choice) {
    streamsInTurn(call("f", "{\\\"a\\\": ", "length"));

    JsonNode answer =
        Json.parse(
                gateway
                    .post(route, "/chat/completions", body(choice, false))
                    .body()
                    .getBytes(StandardCharsets.UTF_8))
            .orElseThrow();

    JsonNode only = answer.path("choices").path(0);
    assertThat(only.path("finish_reason").asText()).isEqualTo("length");
    assertThat(only.path("message").path("tool_calls").isNull()).isTrue();
    assertThat(engine.seen()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName("C2.9 a demanded call that was cut off and told as text is not shown as text")
  void cutOffAsText(boolean stream) {
    streamsInTurn(
        new String[] {
          StubEngine.text("[{\\\"name\\\": \\\"f\\\", \\\"argum"),
          StubEngine.chunk("{}", "length"),
          StubEngine.usage(5, 9),
          "[DONE]"
        });

    String named = "{\"type\":\"function\",\"function\":{\"name\":\"f\"}}";
    for (String choice : List.of("\"required\"", named)) {
      String answer = gateway.post(route, "/chat/completions", body(choice, stream)).body();

      assertThat(answer)
          .contains("\"finish_reason\":\"length\"", "\"completion_tokens\":9")
          .doesNotContain("argum");
    }
    assertThat(engine.seen()).hasSize(2);
  }

  @Test
  @DisplayName("C2.9 where no call is demanded, what max_tokens cut off is the text that it is")
  void cutOffText() {
    engine.streams(
        StubEngine.text("Let me"),
        StubEngine.chunk("{}", "length"),
        StubEngine.usage(5, 9),
        "[DONE]");

    assertThat(gateway.post(route, "/chat/completions", body("\"auto\"", false)).body())
        .contains("Let me", "\"finish_reason\":\"length\"");
  }

  @Test
  void theInstanceOfAMissIsLetGo() {
    String bad = call("h", "{}", "tool_calls")[0];
    String next = bad.replace("\"index\":0,\"id\"", "\"index\":1,\"id\"");
    engine.plays(
        (request, response) -> StubEngine.begin(response).write(StubEngine.frames(bad, next)));

    assertThat(gateway.post(route, "/chat/completions", body("\"auto\"", false)).statusCode())
        .isEqualTo(502);
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> gateway.picker().outstanding(engine.instance()) == 0 && engine.dropped() == 2);
  }
}
