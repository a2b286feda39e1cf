package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mistraloperator.api.Engine;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.RawClient;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import io.vertx.core.http.HttpServerResponse;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("B7.1 refusals")
class RefusalFlowTest extends FlowFixture {
  private static JsonNode envelope(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("x-ms-error-code")).contains(code);
    assertThat(answer.headers().firstValue("content-type")).contains("application/json");
    JsonNode body = Json.parse(answer.body().getBytes(StandardCharsets.UTF_8)).orElseThrow();
    assertThat(body.path("error").path("code").textValue()).isEqualTo(code);
    assertThat(body.path("error").path("message").textValue()).isNotBlank();
    assertThat(body.path("error").path("status").intValue()).isEqualTo(status);
    assertThat(body.path("code").textValue()).isEqualTo(code);
    assertThat(body.path("status").intValue()).isEqualTo(status);
    assertThat(body.path("message").textValue())
        .isEqualTo(body.path("error").path("message").textValue());
    return body;
  }

  private HttpRequest.Builder post(String body) {
    return HttpRequest.newBuilder(gateway.uri("/endpoints/Chat-One/chat/completions"))
        .header("content-type", "application/json")
        .POST(BodyPublishers.ofString(body));
  }

  @Test
  @DisplayName("T-K1, A7.6 without a key, or with a wrong one: 401, and no engine is asked")
  void wrongKeys() {
    envelope(gateway.send(post(HELLO)), 401, "Unauthorized");
    envelope(gateway.send(post(HELLO).header("api-key", "nope")), 401, "Unauthorized");
    envelope(gateway.send(post(HELLO).header("authorization", "Bearer")), 401, "Unauthorized");
    envelope(
        gateway.send(post(HELLO).header("authorization", "Basic " + Routes.PRIMARY)),
        401,
        "Unauthorized");
    assertThat(engine.seen()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "authorization,Bearer " + Routes.PRIMARY,
    "authorization,bearer " + Routes.SECONDARY,
    "Authorization," + Routes.PRIMARY,
    "api-key," + Routes.PRIMARY,
    "api-key," + Routes.SECONDARY,
    "x-api-key," + Routes.PRIMARY
  })
  @DisplayName("T-K1, A7.1, A7.2, A7.5: both keys in every form")
  void rightKeys(String header, String value) {
    engine.streams(StubEngine.answer());

    assertThat(gateway.send(post(HELLO).header(header, value)).statusCode()).isEqualTo(200);
  }

  @Test
  @DisplayName("A7.4, G4 one right key among several headers is enough")
  void severalHeaders() {
    engine.streams(StubEngine.answer());

    HttpRequest.Builder both =
        post(HELLO).header("authorization", "Bearer other").header("api-key", Routes.PRIMARY);

    assertThat(gateway.send(both).statusCode()).isEqualTo(200);
  }

  @Test
  @DisplayName("T-K1, A7.6 a replaced key ends with the next request, the other one goes on")
  void rotation() {
    engine.streams(StubEngine.answer());

    gateway.serve(Routes.withKeys(route, "NewNewNewNewNewNewNewNewNewNew01", Routes.SECONDARY));

    envelope(gateway.send(post(HELLO).header("api-key", Routes.PRIMARY)), 401, "Unauthorized");
    assertThat(gateway.send(post(HELLO).header("api-key", Routes.SECONDARY)).statusCode())
        .isEqualTo(200);
  }

  @Test
  @DisplayName("T-K1, A7.6 a stream that runs outlives the key that began it")
  void rotationInMidStream() throws Exception {
    AtomicReference<HttpServerResponse> open = new AtomicReference<>();
    engine.plays(
        (request, response) ->
            StubEngine.begin(response)
                .write(StubEngine.frames(StubEngine.text("Hel")))
                .onSuccess(sent -> open.set(response)));
    try (RawClient client = new RawClient(gateway.port())) {
      client.chat(route, HELLO_STREAM);
      client.readUntil("Hel");

      gateway.serve(Routes.withKeys(route, "NewNewNewNewNewNewNewNewNewNew01"));
      envelope(gateway.send(post(HELLO).header("api-key", Routes.PRIMARY)), 401, "Unauthorized");
      open.get()
          .end(StubEngine.frames(StubEngine.text("lo"), StubEngine.chunk("{}", "stop"), "[DONE]"));

      assertThat(client.readUntil("[DONE]\n\n")).contains("lo");
    }
  }

  @Test
  @DisplayName("T-K2 no credential of the client reaches the engine")
  void credentialStaysHere() {
    engine.streams(StubEngine.answer());

    gateway.send(
        post(HELLO)
            .header("authorization", "Bearer " + Routes.PRIMARY)
            .header("api-key", Routes.PRIMARY)
            .header("x-api-key", Routes.PRIMARY)
            .header("cookie", "a=b"));

    assertThat(engine.only().headers().names())
        .noneMatch(
            name ->
                List.of("authorization", "api-key", "x-api-key", "cookie")
                    .contains(name.toLowerCase(java.util.Locale.ROOT)));
    assertThat(engine.only().headers().toString()).doesNotContain(Routes.PRIMARY);
  }

  @Test
  void unknownEndpoints() {
    HttpRequest.Builder byName =
        HttpRequest.newBuilder(gateway.uri("/endpoints/nobody/info")).header("api-key", "x");
    HttpRequest.Builder byHost =
        HttpRequest.newBuilder(gateway.uri("/info")).header("api-key", "x");

    envelope(gateway.send(byName), 404, "EndpointNotFound");
    envelope(gateway.send(byHost), 404, "EndpointNotFound");
  }

  @Test
  void unknownPathsAndVerbs() {
    envelope(gateway.send(gateway.request(route, "/nowhere").GET()), 404, "NotFound");
    HttpResponse<String> verb = gateway.send(gateway.request(route, "/chat/completions").GET());
    envelope(verb, 405, "MethodNotAllowed");
    assertThat(verb.headers().firstValue("allow")).contains("POST");
    envelope(gateway.send(gateway.request(route, "/info").DELETE()), 405, "MethodNotAllowed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/embeddings",
        "/images/embeddings",
        "/models/embeddings",
        "/models/images/embeddings",
        "/v1/embeddings"
      })
  @DisplayName("B6.3 other modalities are not there, and the answer says why")
  void embeddings(String path) {
    JsonNode body = envelope(gateway.post(route, path, "{\"input\":[\"a\"]}"), 404, "NotFound");

    assertThat(body.path("message").textValue()).contains("no embeddings");
  }

  @Test
  @DisplayName("D2.5 another deployment than the endpoint's own")
  void unknownDeployment() {
    HttpResponse<String> answer =
        gateway.send(
            gateway
                .request(route, "/chat/completions")
                .header("azureml-model-deployment", "green")
                .POST(BodyPublishers.ofString(HELLO)));

    envelope(answer, 404, "DeploymentNotFound");
    assertThat(answer.headers().firstValue("azureml-model-deployment")).isEmpty();
    assertThat(engine.seen()).isEmpty();
  }

  @Test
  @DisplayName("A8.2, B1 a base model does not chat")
  void baseModel() {
    Route base = Routes.route("base", Engine.LlamaCpp, Routes.base());
    gateway.serve(base);

    envelope(gateway.post(base, "/chat/completions", HELLO), 404, "NotFound");
    assertThat(gateway.send(gateway.request(base, "/info").GET()).body())
        .contains("\"model_type\":\"text-generation\"");
  }

  @Test
  void anotherMediaType() {
    HttpRequest.Builder form =
        HttpRequest.newBuilder(gateway.uri("/endpoints/Chat-One/chat/completions"))
            .header("api-key", Routes.PRIMARY)
            .header("content-type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(HELLO));

    envelope(gateway.send(form), 415, "UnsupportedMediaType");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[]", "\"text\"", "null", "{\"messages\":[],}", "{} {}", "{\"a\":1}x"})
  @DisplayName("A19.10, G15 a body that is not one JSON object")
  void notJson(String body) {
    JsonNode envelope =
        envelope(gateway.post(route, "/chat/completions", body), 400, "invalid_json");

    assertThat(envelope.path("detail").isTextual()).isTrue();
  }

  @Test
  @DisplayName("B7.2, B7.3 422 has the list that clients read, with texts for locations")
  void detailList() {
    JsonNode envelope =
        envelope(
            gateway.post(
                route,
                "/chat/completions",
                "{\"messages\":[{\"role\":\"user\",\"content\":3}],\"temperature\":\"hot\"}"),
            422,
            "Invalid input");

    assertThat(envelope.path("detail")).hasSize(2);
    for (JsonNode problem : envelope.path("detail")) {
      assertThat(problem.path("loc")).isNotEmpty().allMatch(JsonNode::isTextual);
      assertThat(problem.has("input")).isTrue();
      assertThat(problem.path("msg").isTextual()).isTrue();
      assertThat(problem.path("type").isTextual()).isTrue();
    }
    assertThat(envelope.path("error").path("param").asText()).isEqualTo("messages.0.content");
  }

  @Test
  void headerOfNoMeaning() {
    HttpResponse<String> answer =
        gateway.send(
            gateway
                .request(route, "/chat/completions")
                .header("extra-parameters", "keep")
                .POST(BodyPublishers.ofString(HELLO)));

    envelope(answer, 400, "invalid_header");
  }

  @Test
  @DisplayName("G17 a body above the limit, declared or not")
  void tooLarge() throws Exception {
    String large = "{\"messages\":\"" + "x".repeat(Routes.LIMITS.bodyBytes()) + "\"}";

    envelope(gateway.post(route, "/chat/completions", large), 413, "RequestEntityTooLarge");
    try (RawClient client = new RawClient(gateway.port())) {
      client.write(
          "POST /endpoints/Chat-One/chat/completions HTTP/1.1\r\nhost: x\r\napi-key: "
              + Routes.PRIMARY
              + "\r\ntransfer-encoding: chunked\r\n\r\n");
      for (int i = 0; i < 5; i++) {
        client.write("100000\r\n" + "x".repeat(0x100000) + "\r\n");
      }
      assertThat(client.readUntil("\r\n")).contains("413");
    }
    assertThat(engine.seen()).isEmpty();
  }

  @Test
  @DisplayName("B0.5 request ids: ours, and the client's own one echoed")
  void requestIds() {
    HttpResponse<String> answer =
        gateway.send(
            gateway
                .request(route, "/info")
                .header("x-ms-client-request-id", "mine-1")
                .header("x-request-id", "spoofed")
                .GET());

    assertThat(answer.headers().firstValue("x-ms-client-request-id")).contains("mine-1");
    assertThat(answer.headers().firstValue("x-request-id").orElseThrow())
        .matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  }
}
