package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.api.Engine;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("G17 large images")
class ImageFlowTest extends FlowFixture {
  private final Route seeing = Routes.route("Seeing", Engine.VLLM, Routes.seeing());

  @BeforeEach
  void serveBoth() {
    gateway.serve(route, seeing);
    gateway.instances(seeing, engine.instance());
    engine.streams(StubEngine.answer());
  }

  private static String body(int bytes) {
    return "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":"
        + "{\"url\":\"data:image/png;base64,"
        + "A".repeat(bytes)
        + "\"}}]}]}";
  }

  @Test
  @DisplayName("A17.1, A17.2 one of 21 MiB reaches the engine as it is")
  void reachesTheEngine() {
    int size = 21 * 1024 * 1024;

    assertThat(gateway.post(seeing, "/chat/completions", body(size)).statusCode()).isEqualTo(200);
    assertThat(
            engine
                .only()
                .body()
                .path("messages")
                .path(0)
                .path("content")
                .path(0)
                .path("image_url")
                .path("url")
                .asText())
        .hasSizeGreaterThan(size);
  }

  @Test
  @DisplayName("G17 a model of text takes 4 MiB, and says so")
  void textModel() {
    var answer = gateway.post(route, "/chat/completions", body(5 * 1024 * 1024));

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains(Integer.toString(Routes.only(route).limits().bodyBytes()));
    assertThat(engine.seen()).isEmpty();
  }

  @Test
  @DisplayName("B6.4 the list of models tells who sees")
  void models() {
    assertThat(gateway.send(gateway.request(seeing, "/v1/models").GET()).body())
        .contains("\"vision\":true");
    assertThat(gateway.send(gateway.request(route, "/v1/models").GET()).body())
        .contains("\"vision\":false");
  }
}
