package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import io.mistraloperator.api.Engine;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of row B0: every path with every kind of model. */
class RoutesFlowTest extends FlowFixture {
  private static final String TEXT =
      "{\"choices\":[{\"text\":\" a\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"stop\"}],"
          + "\"usage\":{\"completion_tokens\":1,\"prompt_tokens\":3,\"total_tokens\":4}}";
  private static final String NONE = "";
  private static final String PROMPT = "{\"prompt\":\"Hi\"}";
  private static final String SCORE =
      "{\"input_data\":{\"input_string\":[{\"role\":\"user\",\"content\":\"Hi\"}]}}";
  private static final String SCORE_TEXT = "{\"input_data\":[\"Hi\"]}";

  private final Route base = Routes.route("base", Engine.LlamaCpp, Routes.base());

  @BeforeEach
  void serveBoth() {
    gateway.serve(route, base);
    gateway.instances(base, engine.instance());
    engine.plays(
        (request, response) ->
            StubEngine.begin(response)
                .end(
                    request.path().equals("/v1/completions")
                        ? StubEngine.frames(TEXT, "[DONE]")
                        : StubEngine.frames(StubEngine.answer())));
  }

  /** Path, verb, body, and what a chat model and a base model say to it. */
  private static Stream<Arguments> routes() {
    return Stream.of(
        arguments("/", "GET", NONE, 200, 200),
        arguments("/info", "GET", NONE, 200, 200),
        arguments("/v1/models", "GET", NONE, 200, 200),
        arguments("/swagger.json", "GET", NONE, 200, 200),
        arguments("/chat/completions", "POST", HELLO, 200, 404),
        arguments("/v1/chat/completions", "POST", HELLO, 200, 404),
        arguments("/models/chat/completions", "POST", HELLO, 200, 404),
        arguments("/v1/models/chat/completions", "POST", HELLO, 200, 404),
        arguments("/completions", "POST", PROMPT, 404, 200),
        arguments("/v1/completions", "POST", PROMPT, 404, 200),
        arguments("/score", "POST", SCORE, 200, 422),
        arguments("/score", "POST", SCORE_TEXT, 422, 200),
        arguments("/embeddings", "POST", HELLO, 404, 404),
        arguments("/images/embeddings", "POST", HELLO, 404, 404),
        arguments("/v1/embeddings", "POST", HELLO, 404, 404),
        arguments("/models/info", "GET", NONE, 404, 404),
        arguments("/models", "GET", NONE, 404, 404),
        arguments("/v1/info", "GET", NONE, 404, 404),
        arguments("/docs", "GET", NONE, 404, 404));
  }

  private HttpRequest.Builder call(Route to, String path, String verb, String body) {
    return gateway.request(to, path).method(verb, BodyPublishers.ofString(body));
  }

  private static String code(HttpResponse<String> answer) {
    return answer.headers().firstValue("x-ms-error-code").orElse("none");
  }

  @ParameterizedTest
  @MethodSource("routes")
  @DisplayName("B0.1, B0.2, B1, A7.1, A19.1 every path of an endpoint, for chat and base models")
  void served(String path, String verb, String body, int chat, int text) {
    assertThat(gateway.send(call(route, path, verb, body)).statusCode()).isEqualTo(chat);
    assertThat(gateway.send(call(base, path, verb, body)).statusCode()).isEqualTo(text);
  }

  @Test
  @DisplayName("B0.1 a path that is not there is answered with those that this model serves")
  void offered() {
    assertThat(offers(route)).containsExactlyInAnyOrderElementsOf(paths(3));
    assertThat(offers(base)).containsExactlyInAnyOrderElementsOf(paths(4));
  }

  private List<String> offers(Route to) {
    JsonNode answer =
        Json.parse(
                gateway
                    .send(call(to, "/docs", "GET", NONE))
                    .body()
                    .getBytes(StandardCharsets.UTF_8))
            .orElseThrow();
    return List.of(answer.path("message").textValue().split("served are ", 2)[1].split(", "));
  }

  private static Set<String> paths(int model) {
    return routes()
        .map(Arguments::get)
        .filter(row -> row[model].equals(200))
        .map(row -> (String) row[0])
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @MethodSource("routes")
  @DisplayName("A7.6, A8.4 no path answers without a key, not even that it is not there")
  void locked(String path, String verb, String body, int chat, int text) {
    HttpResponse<String> answer =
        gateway.send(call(route, path, verb, body).setHeader("authorization", "Bearer other"));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("azureml-model-deployment")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("routes")
  @DisplayName("B0.7, D2.5 every path names its deployment, and knows no other")
  void deployment(String path, String verb, String body, int chat, int text) {
    HttpResponse<String> own =
        gateway.send(
            call(route, path, verb, body).header("azureml-model-deployment", "chat-one-blue"));
    HttpResponse<String> other =
        gateway.send(call(route, path, verb, body).header("azureml-model-deployment", "green"));

    assertThat(own.statusCode()).isEqualTo(chat);
    assertThat(code(other))
        .isEqualTo(chat == 404 && notThere(own) ? "NotFound" : "DeploymentNotFound");
    if (!notThere(own)) {
      assertThat(own.headers().firstValue("azureml-model-deployment")).contains("chat-one-blue");
    }
  }

  private static boolean notThere(HttpResponse<String> answer) {
    return answer.statusCode() == 404
        && (answer.body().contains("no such path") || answer.body().contains("no embeddings"));
  }

  @ParameterizedTest
  @MethodSource("routes")
  @DisplayName("B0.4, A9.9 api-version may be there in either form on every path, or not at all")
  void apiVersion(String path, String verb, String body, int chat, int text) {
    String versioned = path + "?api-version=2024-05-01-preview";
    HttpResponse<String> wrong = gateway.send(call(route, path + "?api-version=v1", verb, body));

    assertThat(gateway.send(call(route, versioned, verb, body)).statusCode()).isEqualTo(chat);
    assertThat(gateway.send(call(route, path + "?api-version=2024-05-01", verb, body)).statusCode())
        .isEqualTo(chat);
    assertThat(code(wrong)).isIn("invalid_api_version", "NotFound");
    if (chat == 200) {
      assertThat(code(wrong)).isEqualTo("invalid_api_version");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/models/chat/completions,POST,200",
    "/models/v1/chat/completions,POST,200",
    "/models/completions,POST,404",
    "/models/v1/completions,POST,404",
    "/models/embeddings,POST,404",
    "/models/images/embeddings,POST,404",
    "/models/info,GET,404",
    "/models/swagger.json,GET,404",
    "/models/score,POST,404",
    "/chat/completions,POST,404",
    "/info,GET,404",
    "/,GET,404",
    "/models/chat/completions,GET,405"
  })
  @DisplayName("B0.3 every path of a unified endpoint")
  void unified(String path, String verb, int status) {
    String body = HELLO.replace("{\"messages\"", "{\"model\":\"CHAT-one\",\"messages\"");

    HttpResponse<String> answer =
        gateway.send(
            HttpRequest.newBuilder(gateway.uri("/projects/team-a" + path))
                .header("api-key", Routes.PRIMARY)
                .method(verb, BodyPublishers.ofString(body)));

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(code(answer))
        .isEqualTo(
            switch (status) {
              case 404 -> "NotFound";
              case 405 -> "MethodNotAllowed";
              default -> "none";
            });
    if (path.endsWith("embeddings")) {
      assertThat(answer.body()).contains("no embeddings");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/chat/completions", "/v1/chat/completions", "/score", "/models/chat/completions"})
  @DisplayName("B0.9 another verb is a 405 that says which one; Accept and charset do not matter")
  void verbsAndTypes(String path) {
    HttpResponse<String> get = gateway.send(call(route, path, "GET", NONE));
    String body = path.equals("/score") ? SCORE : HELLO;
    HttpResponse<String> charset =
        gateway.send(
            call(route, path, "POST", body)
                .setHeader("content-type", "Application/JSON; charset=utf-8")
                .header("accept", "text/event-stream"));
    HttpResponse<String> form =
        gateway.send(call(route, path, "POST", body).setHeader("content-type", "text/plain"));

    assertThat(get.statusCode()).isEqualTo(405);
    assertThat(get.headers().firstValue("allow")).contains("POST");
    assertThat(charset.statusCode()).isEqualTo(200);
    assertThat(charset.headers().firstValue("content-type")).contains("application/json");
    assertThat(form.statusCode()).isEqualTo(415);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}],\"stream\":false}"
      })
  @DisplayName("G13, A9.8 one document without stream: true, whatever Accept says")
  void oneDocument(String body) {
    for (String path : List.of("/chat/completions", "/v1/chat/completions")) {
      HttpResponse<String> answer =
          gateway.send(call(route, path, "POST", body).header("accept", "text/event-stream"));

      JsonNode document = Json.parse(answer.body().getBytes(StandardCharsets.UTF_8)).orElseThrow();
      assertThat(document.path("object").asText()).isEqualTo("chat.completion");
    }
  }
}
