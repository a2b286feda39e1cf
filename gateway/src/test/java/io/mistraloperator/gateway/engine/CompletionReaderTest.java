package io.mistraloperator.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.gateway.chat.EngineEvent;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionReaderTest {
  private static final String CALL =
      "\"tool_calls\":[{\"index\":0,\"id\":\"abc0dF1gh\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]";

  private static EngineEvent last(String delta, String reason) {
    List<EngineEvent> events = new ArrayList<>();
    CompletionReader reader =
        new CompletionReader(
            new EngineRequest(Api.CHAT, new Payload(Buffer.buffer()), Map.of(), "", 5, 0, true),
            events::add);
    String chunk =
        "{\"choices\":[{\"index\":0,\"delta\":{%s},\"finish_reason\":\"%s\"}]}"
            .formatted(delta, reason);
    reader.read(chunk.getBytes(StandardCharsets.UTF_8));
    reader.endOfStream();
    return events.getLast();
  }

  @ParameterizedTest(name = "{0} is told as {1}, after a call as {2}")
  @CsvSource({
    "stop, stop, tool_calls",
    "length, length, length",
    "model_length, length, length",
    "tool_calls, stop, tool_calls",
    "eos, stop, tool_calls"
  })
  @DisplayName("C6 why an answer ended is said in three words, and one that was cut is never whole")
  void reasons(String said, String told, String afterACall) {
    assertThat(last("\"content\":\"a\"", said))
        .isInstanceOfSatisfying(
            EngineEvent.Finish.class, end -> assertThat(end.reason().word()).isEqualTo(told));
    assertThat(last(CALL, said))
        .isInstanceOfSatisfying(
            EngineEvent.Finish.class, end -> assertThat(end.reason().word()).isEqualTo(afterACall));
  }

  @ParameterizedTest
  @CsvSource({"abort", "error"})
  @DisplayName("C6 an answer that was broken off is an error")
  void brokenOff(String said) {
    assertThat(last("\"content\":\"a\"", said)).isInstanceOf(EngineEvent.Failure.class);
  }
}
