package io.mistraloperator.gateway.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.ChatRequest;
import io.mistraloperator.gateway.chat.Message;
import io.mistraloperator.gateway.dialect.rule.Extras;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.testing.Routes;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("C2.2 calls of tools in a history")
class CallReadTest {
  private static ObjectNode object(String json) {
    return (ObjectNode) Json.parse(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  @Test
  @DisplayName(
      "A15.6, A15.7, C2.1 to C2.3, G20: a tool round trip is taken unchanged, ids mapped alike")
  void toolHistory() {
    ChatRequest request =
        new Dialect.Azure()
            .read(
                object(
                    """
                {"messages":[{"role":"user","content":"Hi"},
                 {"role":"assistant","content":"","tool_calls":[{"id":"call_0123456789","type":"function",
                  "function":{"name":"f","arguments":{"a":1},"call_id":null}}],"refusal":null},
                 {"role":"tool","tool_call_id":"call_0123456789","content":"done"},
                 {"role":"assistant","content":"ok","tool_calls":null},
                 {"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]}\
                """),
                Extras.Mode.ERROR,
                Routes.CHAT);

    Message call = request.messages().get(1);
    assertThat(call.toolCalls().getFirst().id()).matches("[A-Za-z0-9]{9}");
    assertThat(call.toolCalls().getFirst().arguments()).isEqualTo("{\"a\":1}");
    assertThat(request.messages().get(2).toolCallId()).contains(call.toolCalls().getFirst().id());
    assertThat(request.messages().getLast().text()).isEqualTo("a\nb");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"arguments\":null", ",\"arguments\":\"\"", ",\"arguments\":\" \""})
  @DisplayName("C2.2 a call without arguments is one with none: templates read JSON there")
  void noArguments(String arguments) {
    ChatRequest request =
        new Dialect.Azure()
            .read(
                object(
                    """
                    {"messages":[{"role":"user","content":"Hi"},
                     {"role":"assistant","tool_calls":[{"function":{"name":"f"%s}}]},
                     {"role":"tool","content":"done"}]}\
                    """
                        .formatted(arguments)),
                Extras.Mode.ERROR,
                Routes.CHAT);

    assertThat(request.messages().get(1).toolCalls().getFirst().arguments()).isEqualTo("{}");
  }
}
