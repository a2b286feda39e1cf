package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.api.Engine;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.RawClient;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A6.4, A9.2, D3 the unified endpoint of a project")
class UnifiedFlowTest extends FlowFixture {
  private static final String OTHER_KEY = "OtherOtherOtherOtherOtherOther01";
  private static final String CHAT = "/projects/team-a/models/chat/completions";

  private final Route same = keyed("Chat-Two", "Mistral-Test");
  private final Route other = keyed("Chat-Three", "Mistral-Other");
  private final Route base = Routes.route("base", Engine.LlamaCpp, Routes.base());

  /** An endpoint with a key of its own. */
  private static Route keyed(String endpoint, String model) {
    Route of = Routes.route(endpoint, Engine.LlamaCpp, Routes.named(model));
    return Routes.withKeys(of, OTHER_KEY);
  }

  @BeforeEach
  void serveAll() {
    gateway.serve(route, same, other, base);
    for (Route each : List.of(same, other, base)) {
      gateway.instances(each, engine.instance());
    }
    engine.streams(StubEngine.answer());
  }

  private HttpResponse<String> post(String path, String key, String body) {
    return gateway.send(
        HttpRequest.newBuilder(gateway.uri(path))
            .header("api-key", key)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  private static String naming(String model) {
    return FlowFixture.HELLO.replace("{\"messages\"", "{\"model\":" + model + ",\"messages\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"Chat-One\"", "\"chat-one\"", "\"CHAT-ONE\"", "\" Chat-One \""})
  @DisplayName("the model in the body selects the endpoint, in any case")
  void selects(String model) {
    HttpResponse<String> answer =
        post(CHAT + "?api-version=2024-05-01-preview", Routes.PRIMARY, naming(model));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("Hello there", "\"model\":\"Mistral-Test\"");
    assertThat(engine.only().body().path("model").asText()).isEqualTo("served-name");
    assertThat(
            gateway
                .registry()
                .get("mistral.gateway.requests")
                .tag("endpoint", "Chat-One")
                .counter()
                .count())
        .isEqualTo(1);
  }

  @Test
  @DisplayName("B5 under /models/v1 it speaks Mistral's dialect")
  void mistralDialect() {
    HttpResponse<String> answer =
        post(
            "/projects/team-a/models/v1/chat/completions",
            Routes.SECONDARY,
            naming("\"chat-one\""));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).doesNotContain("logprobs");
  }

  @Test
  void byHost() throws Exception {
    String body = naming("\"chat-one\"");
    try (RawClient client = new RawClient(gateway.port())) {
      client.write(
          "POST /models/chat/completions HTTP/1.1\r\nHost: Team-A.services.localhost:8443\r\n"
              + "api-key: %s\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s"
                  .formatted(Routes.PRIMARY, body.length(), body));

      assertThat(client.readAll()).startsWith("HTTP/1.1 200").contains("Hello there");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Mistral-Test," + Routes.PRIMARY + ",200",
    "mistral-test," + OTHER_KEY + ",200",
    "MISTRAL-OTHER," + OTHER_KEY + ",200",
    "Mistral-Other," + Routes.PRIMARY + ",404"
  })
  @DisplayName("the name of a model selects the one endpoint with it that the key opens")
  void byModelName(String model, String key, int status) {
    assertThat(post(CHAT, key, naming('"' + model + '"')).statusCode()).isEqualTo(status);
  }

  @Test
  void aModelOfSeveralOpenEndpointsIsNotGuessed() {
    gateway.serve(route, Routes.withKeys(same, Routes.PRIMARY));

    HttpResponse<String> answer = post(CHAT, Routes.PRIMARY, naming("\"mistral-test\""));

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("unknown_model", "several");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "\"\"", "\" \"", "5", "[\"chat-one\"]"})
  @DisplayName("G14 without a model there is no default")
  void noModel(String model) {
    HttpResponse<String> answer = post(CHAT, Routes.PRIMARY, naming(model));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("x-ms-error-code")).contains("no_model_name");
    assertThat(post(CHAT, Routes.PRIMARY, HELLO).statusCode()).isEqualTo(400);
    assertThat(engine.seen()).isEmpty();
  }

  @Test
  void unknownModel() {
    HttpResponse<String> answer = post(CHAT, Routes.PRIMARY, naming("\"nobody\""));

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("x-ms-error-code")).contains("unknown_model");
  }

  @Test
  @DisplayName("A7.6 the key must be one of the endpoint that is named")
  void keyOfAnotherEndpoint() {
    assertThat(post(CHAT, OTHER_KEY, naming("\"chat-one\"")).statusCode()).isEqualTo(401);
    assertThat(engine.seen()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"chat-one\"", "\"nobody\"", "5"})
  @DisplayName("without a key of the project nothing of it can be learned, not even its existence")
  void strangers(String model) {
    String known = post(CHAT, "wrong", naming(model)).body();
    String unknown =
        post("/projects/team-b/models/chat/completions", "wrong", naming(model)).body();

    assertThat(known).contains("\"Unauthorized\"");
    assertThat(known.replace("team-a", "P")).isEqualTo(unknown.replace("team-b", "P"));
  }

  @Test
  @DisplayName("no body is read for a caller whose key opens nothing")
  void noBodyForStrangers() throws Exception {
    try (RawClient client = new RawClient(gateway.port())) {
      client.write(
          "POST "
              + CHAT
              + " HTTP/1.1\r\nhost: x\r\napi-key: wrong\r\ncontent-length: 1000000\r\n\r\n");

      assertThat(client.readUntil("\r\n")).contains("401");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/models/info", "/info", "/models", "/", "/chat/completions", "/models/v1/models"})
  @DisplayName("B0.3 what takes no model in a body is not there")
  void notThere(String path) {
    HttpResponse<String> answer =
        gateway.send(
            HttpRequest.newBuilder(gateway.uri("/projects/team-a" + path))
                .header("api-key", Routes.PRIMARY)
                .GET());

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("x-ms-error-code")).contains("NotFound");
  }

  @Test
  @DisplayName("B1 a base model does not chat here either")
  void baseModel() {
    assertThat(post(CHAT, Routes.PRIMARY, naming("\"base\"")).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "api-version=2024-05-01-preview,200",
    "api-version=2025-04-01,200",
    "API-Version=2025-04-01-Preview,200",
    "x=y&api-version=2024-05-01,200",
    "api-version=,400",
    "api-version=latest,400",
    "api-version=2024-5-1,400",
    "a&api-version=%32024-05-01,400"
  })
  @DisplayName("B0.4 any well-formed api-version, on every route")
  void apiVersion(String query, int status) {
    HttpResponse<String> unified = post(CHAT + "?" + query, Routes.PRIMARY, naming("\"chat-one\""));
    HttpResponse<String> info = gateway.send(gateway.request(route, "/info?" + query).GET());

    assertThat(unified.statusCode()).isEqualTo(status);
    assertThat(info.statusCode()).isEqualTo(status);
    assertThat(unified.headers().firstValue("x-ms-error-code"))
        .isEqualTo(
            status == 200
                ? java.util.Optional.empty()
                : java.util.Optional.of("invalid_api_version"));
  }
}
