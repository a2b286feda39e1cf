package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.gateway.auth.Gate;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.GatewayUnderTest;
import io.mistraloperator.gateway.testing.MovableClock;
import io.mistraloperator.gateway.testing.StubEngine;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("several instances behind one endpoint")
class BalanceFlowTest extends FlowFixture {
  private StubEngine second;

  @BeforeEach
  void addInstance() throws Exception {
    gateway.close();
    gateway =
        new GatewayUnderTest(
            vertx,
            new MovableClock(),
            new Gate.Settings(List.of(), Optional.empty(), Optional.empty()),
            (token, audiences) -> Optional.empty());
    gateway.serve(route);
    second = new StubEngine(vertx);
    engine.streams(StubEngine.answer());
    second.streams(StubEngine.answer());
    gateway.instances(route, engine.instance(), second.instance());
  }

  @AfterEach
  void removeInstance() {
    second.close();
  }

  private static String turns(String first, int more) {
    StringBuilder turns = new StringBuilder("{\"role\":\"user\",\"content\":\"" + first + "\"}");
    for (int i = 0; i < more; i++) {
      turns.append(",{\"role\":\"assistant\",\"content\":\"answer ").append(i).append("\"}");
      turns.append(",{\"role\":\"user\",\"content\":\"question ").append(i).append("\"}");
    }
    return "{\"messages\":[" + turns + "]}";
  }

  private int status(String body) {
    return gateway.post(route, "/chat/completions", body).statusCode();
  }

  @Test
  void theTurnsOfAConversationMeetTheSameInstance() {
    for (int conversation = 0; conversation < 10; conversation++) {
      int before = engine.seen().size();
      for (int turn = 0; turn < 4; turn++) {
        assertThat(status(turns("conversation " + conversation, turn))).isEqualTo(200);
      }
      assertThat(engine.seen().size() - before).isIn(0, 4);
    }
    assertThat(engine.seen().size() + second.seen().size()).isEqualTo(40);
  }

  @Test
  @DisplayName("C7.3 an instance that keeps failing gets no more requests while another can do")
  void anInstanceThatKeepsFailing() {
    engine.plays((request, response) -> response.setStatusCode(500).end());
    int failures = 0;
    for (int conversation = 0; failures < 3 && conversation < 200; conversation++) {
      failures += status(turns("conversation " + conversation, 0)) == 502 ? 1 : 0;
    }
    assertThat(engine.seen()).hasSize(3);

    for (int conversation = 0; conversation < 50; conversation++) {
      assertThat(status(turns("another " + conversation, 0))).isEqualTo(200);
    }
    assertThat(engine.seen()).hasSize(3);
  }
}
