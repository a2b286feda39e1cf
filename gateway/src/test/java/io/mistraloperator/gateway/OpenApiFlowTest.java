package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.api.Engine;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.RawClient;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.openapi.contract.OpenAPIVersion;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A20.1, A20.2, A11.11 the description of an endpoint")
class OpenApiFlowTest extends FlowFixture {
  private static final String TEXT =
      "{\"choices\":[{\"text\":\" a\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"completion_tokens\":1,\"prompt_tokens\":3,\"total_tokens\":4}}";

  private static Stream<ModelFacts> models() {
    return Stream.of(Routes.CHAT, Routes.facts(false, false, false), Routes.base());
  }

  private Route serve(ModelFacts model) {
    Route served = Routes.route("Described", Engine.LlamaCpp, model);
    gateway.serve(served);
    gateway.instances(served, engine.instance());
    if (isText(served)) {
      engine.streams(TEXT, "[DONE]");
    } else {
      engine.streams(StubEngine.answer());
    }
    return served;
  }

  private static boolean isText(Route route) {
    return Routes.only(route).model().equals(Routes.base());
  }

  private JsonObject document(Route served) {
    HttpResponse<String> answer = get(served, "/swagger.json");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).contains("application/json");
    return new JsonObject(answer.body());
  }

  private HttpResponse<String> get(Route served, String path) {
    return gateway.send(gateway.request(served, path).GET());
  }

  private static <T> T result(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private SchemaRepository repository() throws Exception {
    return result(OpenAPIVersion.V3_1.getRepository(vertx, "app://described/"));
  }

  @ParameterizedTest
  @MethodSource("models")
  @DisplayName("it is valid OpenAPI 3.1, and every reference leads somewhere")
  void valid(ModelFacts model) throws Exception {
    JsonObject document = document(serve(model));
    SchemaRepository repository = repository();

    assertThat(OpenAPIVersion.fromContract(document)).isEqualTo(OpenAPIVersion.V3_1);
    OutputUnit verdict = result(OpenAPIVersion.V3_1.validateContract(vertx, repository, document));
    assertThat(verdict.getValid()).as(String.valueOf(verdict.getErrors())).isTrue();
    result(OpenAPIVersion.V3_1.resolve(vertx, repository, document.copy()));
    references(document)
        .forEach(
            reference ->
                assertThat(at(document, reference)).as(reference).isInstanceOf(JsonObject.class));
  }

  private static Stream<String> references(Object node) {
    return switch (node) {
      case JsonObject object ->
          object.stream()
              .flatMap(
                  each ->
                      each.getKey().equals("$ref")
                          ? Stream.of((String) each.getValue())
                          : references(each.getValue()));
      case JsonArray array -> array.stream().flatMap(OpenApiFlowTest::references);
      case null, default -> Stream.of();
    };
  }

  private static Object at(JsonObject document, String reference) {
    assertThat(reference).startsWith("#/");
    Object node = document;
    for (String part : reference.substring(2).split("/")) {
      node = ((JsonObject) node).getValue(part);
    }
    return node;
  }

  @ParameterizedTest
  @MethodSource("models")
  @DisplayName("every path in it is served, with answers of its schemas; no other path is")
  void trueToWhatIsServed(ModelFacts model) throws Exception {
    Route served = serve(model);
    JsonObject document = document(served);

    for (Map.Entry<String, Object> path : document.getJsonObject("paths")) {
      for (Map.Entry<String, Object> verb : (JsonObject) path.getValue()) {
        JsonObject content =
            ((JsonObject) verb.getValue())
                .getJsonObject("responses")
                .getJsonObject("200")
                .getJsonObject("content");
        JsonObject schema = content.getJsonObject("application/json").getJsonObject("schema");
        if (verb.getKey().equals("get")) {
          conforms(document, schema, get(served, path.getKey()));
        } else {
          conforms(
              document, schema, gateway.post(served, path.getKey(), body(served, path.getKey())));
        }
      }
    }
    Set<String> paths = document.getJsonObject("paths").fieldNames();
    for (String path :
        List.of("/chat/completions", "/v1/chat/completions", "/completions", "/v1/completions")) {
      int status = gateway.post(served, path, "{}").statusCode();
      assertThat(status).as(path).isEqualTo(paths.contains(path) ? 422 : 404);
    }
  }

  private static String body(Route served, String path) {
    if (path.equals("/score")) {
      String message = "{\"role\":\"user\",\"content\":\"Hi\"}";
      return "{\"input_data\":{\"input_string\":[" + (isText(served) ? "\"Hi\"" : message) + "]}}";
    }
    return isText(served) ? "{\"prompt\":\"Hi\"}" : HELLO;
  }

  private void conforms(JsonObject document, JsonObject schema, HttpResponse<String> answer)
      throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    conforms(document, schema, io.vertx.core.json.Json.decodeValue(answer.body()));
  }

  private void conforms(JsonObject document, JsonObject schema, Object value) throws Exception {
    OutputUnit verdict = verdict(document, schema, value);
    assertThat(verdict.getValid()).as(value + " " + verdict.getErrors()).isTrue();
  }

  private OutputUnit verdict(JsonObject document, JsonObject schema, Object value)
      throws Exception {
    JsonObject target =
        schema.containsKey("$ref") ? (JsonObject) at(document, schema.getString("$ref")) : schema;
    return repository().validator(JsonSchema.of(target)).validate(value);
  }

  private static JsonObject component(String name) {
    return new JsonObject().put("$ref", "#/components/schemas/" + name);
  }

  @ParameterizedTest
  @MethodSource("models")
  @DisplayName("events and errors are of its schemas")
  void eventsAndErrors(ModelFacts model) throws Exception {
    Route served = serve(model);
    JsonObject document = document(served);
    String path = isText(served) ? "/completions" : "/chat/completions";
    String body = isText(served) ? "{\"prompt\":\"Hi\",\"stream\":true}" : HELLO_STREAM;

    List<String> events =
        Arrays.stream(gateway.post(served, path, body).body().split("\n\n"))
            .map(event -> event.substring("data: ".length()))
            .filter(data -> !data.equals("[DONE]"))
            .toList();

    assertThat(events).isNotEmpty();
    for (String event : events) {
      conforms(
          document,
          component(isText(served) ? "AzureTextEvent" : "AzureEvent"),
          new JsonObject(event));
    }
    for (String wrong : List.of("{}", "[]")) {
      JsonObject error = new JsonObject(gateway.post(served, path, wrong).body());
      conforms(document, component("Error"), error);
      error.getJsonObject("error").put("code", "made up");
      assertThat(verdict(document, component("Error"), error).getValid()).isFalse();
    }
  }

  @Test
  @DisplayName("G9 it needs a key")
  void needsAKey() {
    HttpResponse<String> answer =
        gateway.send(
            gateway.request(route, "/swagger.json").setHeader("authorization", "wrong").GET());

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(
            gateway
                .send(gateway.request(route, "/swagger.json").POST(BodyPublishers.noBody()))
                .statusCode())
        .isEqualTo(405);
  }

  @Test
  @DisplayName("A6.3 its server is where it was found")
  void server() throws Exception {
    JsonObject byPath = document(route);
    String byHost;
    try (RawClient client = new RawClient(gateway.port())) {
      client.write(
          "GET /swagger.json HTTP/1.1\r\nHost: chat-one.local.inference.localhost\r\napi-key: "
              + Routes.PRIMARY
              + "\r\nconnection: close\r\n\r\n");
      byHost = client.readAll();
    }

    assertThat(byPath.getJsonArray("servers").encode())
        .isEqualTo("[{\"url\":\"/endpoints/Chat-One\"}]");
    assertThat(byHost).contains("\"servers\":[{\"url\":\"/\"}]");
  }
}
