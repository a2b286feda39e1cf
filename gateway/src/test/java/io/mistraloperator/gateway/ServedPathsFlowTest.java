package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.RawClient;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("what an endpoint answers beside completions, and where")
class ServedPathsFlowTest extends FlowFixture {
  @Test
  @DisplayName("A8.1 to A8.3, B1: info has exactly three keys")
  void info() {
    HttpResponse<String> info = gateway.send(gateway.request(route, "/info").GET());

    assertThat(info.body())
        .isEqualTo(
            "{\"model_name\":\"Mistral-Test\",\"model_type\":\"chat-completions\",\"model_provider_name\":\"MistralAI\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "/models/chat/completions,/chat/completions",
    "/v1/models/chat/completions,/v1/chat/completions"
  })
  @DisplayName("B0.2 paths of Mistral's clients for Azure")
  void aliases(String alias, String path) {
    engine.streams(StubEngine.answer());

    HttpResponse<String> answer = gateway.post(route, alias, HELLO);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(timeless(answer)).isEqualTo(timeless(gateway.post(route, path, HELLO)));
  }

  private static String timeless(HttpResponse<String> answer) {
    return answer
        .body()
        .replaceAll("\"id\":\"[0-9a-f]{32}\"", "\"id\":\"ID\"")
        .replaceAll("\"created\":[0-9]+", "\"created\":0");
  }

  @Test
  @DisplayName("B0.7, D2.5 every answer names the deployment; a caller may ask for it")
  void deploymentHeader() {
    engine.streams(StubEngine.answer());

    for (String body : List.of(HELLO, HELLO_STREAM, "{}")) {
      HttpResponse<String> answer =
          gateway.send(
              gateway
                  .request(route, "/chat/completions")
                  .header("azureml-model-deployment", "Chat-One-Blue")
                  .POST(HttpRequest.BodyPublishers.ofString(body)));
      assertThat(answer.headers().firstValue("azureml-model-deployment")).contains("chat-one-blue");
    }
    assertThat(
            gateway
                .send(gateway.request(route, "/info").setHeader("authorization", "no").GET())
                .headers()
                .firstValue("azureml-model-deployment"))
        .isEmpty();
  }

  @Test
  @DisplayName("B6.5 GET / is healthy while an instance is ready, for those who have a key")
  void health() {
    HttpResponse<String> ready = gateway.send(gateway.request(route, "/").GET());
    HttpResponse<String> stranger =
        gateway.send(gateway.request(route, "/").setHeader("authorization", "no").GET());
    gateway.instances(route);
    HttpResponse<String> none = gateway.send(gateway.request(route, "").GET());

    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(ready.body()).isEqualTo("\"healthy\"");
    assertThat(stranger.statusCode()).isEqualTo(401);
    assertThat(none.statusCode()).isEqualTo(503);
    assertThat(none.headers().firstValue("retry-after")).isPresent();
  }

  @Test
  @DisplayName("B6.4 models lists the one model, as OpenAI's and Mistral's clients read it")
  void models() {
    HttpResponse<String> models = gateway.send(gateway.request(route, "/v1/models").GET());

    JsonNode list = Json.parse(models.body().getBytes(StandardCharsets.UTF_8)).orElseThrow();
    assertThat(list.path("object").asText()).isEqualTo("list");
    assertThat(list.path("data")).hasSize(1);
    JsonNode model = list.path("data").path(0);
    assertThat(model.path("id").asText()).isEqualTo("Mistral-Test");
    assertThat(model.path("object").asText()).isEqualTo("model");
    assertThat(model.path("type").asText()).isEqualTo("base");
    assertThat(model.path("capabilities").path("completion_chat").isBoolean()).isTrue();
  }

  @Test
  @DisplayName("A6.3 the endpoint's host finds it, with a port and in any case")
  void byHost() throws Exception {
    try (RawClient client = new RawClient(gateway.port())) {
      client.write(
          "GET /info HTTP/1.1\r\nHost: CHAT-one.Local.inference.localhost:8443\r\napi-key: "
              + Routes.PRIMARY
              + "\r\nconnection: close\r\n\r\n");

      assertThat(client.readAll()).startsWith("HTTP/1.1 200").contains("Mistral-Test");
    }
  }
}
