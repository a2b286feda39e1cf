package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import io.mistraloperator.api.Engine;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.RawClient;
import io.mistraloperator.gateway.testing.Routes;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every error that a caller can cause reads like advice: the field, what was given, what may be.
 */
@DisplayName("B7.5 errors read like advice")
class AdviceFlowTest extends FlowFixture {
  private static final String CHAT = "/endpoints/Chat-One/chat/completions";

  private final Route plain =
      Routes.route("plain", Engine.LlamaCpp, Routes.facts(false, false, false));
  private final Route seeing = Routes.route("seeing", Engine.VLLM, Routes.seeing());
  private final Route base = Routes.route("base", Engine.LlamaCpp, Routes.base());

  @BeforeEach
  void serveAll() {
    gateway.serve(route, plain, seeing, base);
  }

  private Route of(String model) {
    return switch (model) {
      case "plain" -> plain;
      case "seeing" -> seeing;
      case "base" -> base;
      default -> route;
    };
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return Json.parse(answer.body().getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  private static String message(HttpResponse<String> answer) {
    return json(answer).path("error").path("message").asText();
  }

  private static String body(String parameters) {
    boolean whole =
        Stream.of("\"messages\":", "\"prompt\":", "\"input_data\":")
            .anyMatch(parameters::startsWith);
    return whole ? "{" + parameters + "}" : HELLO.replace("]}", "]," + parameters + "}");
  }

  @ParameterizedTest
  @CsvFileSource(resources = "/advice.csv", delimiter = '|', quoteCharacter = '`')
  @DisplayName("B7.2, B7.5 of a value in the body: place, what was given, what is allowed")
  void values(
      String model, String path, String parameters, String place, String given, String allowed) {
    HttpResponse<String> answer = gateway.post(of(model), path, body(parameters));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
    String told = given.equals("nothing") ? "(not given)" : "(given " + given + ")";
    assertThat(message(answer)).startsWith("body." + place + ": ").contains(allowed).endsWith(told);
    JsonNode problem = json(answer).path("detail").path(0);
    assertThat(problem.path("msg").asText()).contains(allowed);
    assertThat(problem.has("input")).isTrue();
    assertThat(json(answer).path("error").path("param").asText()).isEqualTo(place);
  }

  private static UnaryOperator<HttpRequest.Builder> header(String name, String value) {
    return request -> request.setHeader(name, value);
  }

  private static Arguments head(
      String path, UnaryOperator<HttpRequest.Builder> with, int status, String... words) {
    return arguments(path, with, status, words);
  }

  private static Stream<Arguments> heads() {
    UnaryOperator<HttpRequest.Builder> nothing = request -> request;
    return Stream.of(
        head(
            CHAT,
            header("extra-params", "keep"),
            400,
            "extra-params",
            "given \"keep\"",
            "error, drop or pass-through"),
        head(
            CHAT + "?api-version=v1",
            nothing,
            400,
            "api-version",
            "given \"v1\"",
            "2024-05-01 or 2024-05-01-preview"),
        head(
            CHAT,
            header("azureml-model-deployment", "green"),
            404,
            "azureml-model-deployment",
            "given \"green\"",
            "there is: chat-one-blue"),
        head(
            CHAT,
            header("content-type", "text/plain"),
            415,
            "Content-Type",
            "given \"text/plain\"",
            "application/json"),
        head(
            CHAT,
            header("content-type", "application/json-seq"),
            415,
            "given \"application/json-seq\"",
            "application/json"),
        head(
            CHAT,
            header("content-encoding", "gzip"),
            415,
            "Content-Encoding",
            "given \"gzip\"",
            "uncompressed"),
        head("/endpoints/nobody/info", nothing, 404, "given \"nobody\"", "endpointName"),
        head("/info", nothing, 404, "host", "given \"127.0.0.1\"", "/endpoints/<name>/"),
        head(
            "/endpoints/Chat-One/nowhere",
            nothing,
            404,
            "path",
            "given \"/nowhere\"",
            "/chat/completions"),
        head("/endpoints/Chat-One/v1/embeddings", nothing, 404, "given \"/v1/embeddings\"", "text"),
        head("/endpoints/Chat-One/info", nothing, 405, "/info", "not POST", "takes GET"),
        head("/endpoints/base/chat/completions", nothing, 404, "Mistral-Base", "use /completions"),
        head("/endpoints/Chat-One/completions", nothing, 404, "use /chat/completions"),
        head(
            "/projects/team-a/models/chat/completions",
            nothing,
            400,
            "model",
            "not given",
            "Chat-One, base, plain, seeing"));
  }

  @ParameterizedTest
  @MethodSource
  @DisplayName("B7.5 of a header, a path or a query: its name, what was given, what is allowed")
  void heads(String path, UnaryOperator<HttpRequest.Builder> with, int status, String... words) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(gateway.uri(path))
            .header("api-key", Routes.PRIMARY)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(HELLO));

    HttpResponse<String> answer = gateway.send(with.apply(request));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(message(answer)).contains(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|nothing was sent",
        "{\"messages\":[],}|not JSON at line 1, column 16",
        "{} {}|not JSON at line 1, column 4",
        "[1]|given [1]",
        "\"text\"|given \"text\""
      })
  @DisplayName("B7.5, A19.10 of a body that is no object: what it is, and where it breaks")
  void bodies(String body, String words) {
    HttpResponse<String> answer = gateway.post(route, "/chat/completions", body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(message(answer)).isEqualTo("The body must be one JSON object (" + words + ").");
  }

  @ParameterizedTest
  @CsvSource({
    "'',A key is missing,api-key: <key>",
    "Bearer wrong-wrong-wrong,not one of this endpoint's keys,this endpoint's"
  })
  @DisplayName("B7.5 of a credential: where it belongs, and never what it was")
  void credentials(String value, String words, String allowed) {
    HttpResponse<String> answer =
        gateway.send(
            HttpRequest.newBuilder(gateway.uri("/endpoints/Chat-One/info"))
                .header("authorization", value));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(message(answer)).contains(words, allowed);
    assertThat(answer.body() + answer.headers()).doesNotContain("wrong-wrong");
  }

  @ParameterizedTest
  @CsvSource({"nobody,given \"nobody\"", "7,given 7", "Mistral-Test,several serve this model"})
  @DisplayName("B7.5, A9.2 of a model on the unified endpoint: the names that there are")
  void models(String model, String words) {
    gateway.serve(route, Routes.route("Chat-Two", Engine.LlamaCpp, Routes.CHAT));
    String named = model.equals("7") ? "7" : "\"" + model + "\"";

    HttpResponse<String> answer =
        gateway.send(
            HttpRequest.newBuilder(gateway.uri("/projects/team-a/models/chat/completions"))
                .header("api-key", Routes.PRIMARY)
                .POST(
                    BodyPublishers.ofString(
                        HELLO.replace("{\"messages\"", "{\"model\":" + named + ",\"messages\""))));

    assertThat(message(answer)).contains("model", words, "There are: Chat-One, Chat-Two.");
  }

  @Test
  @DisplayName("B7.5 what was given is shortened")
  void shortened() {
    String stop = "\"stop\":{\"a\":\"" + "🙂".repeat(5000) + "\"}";

    HttpResponse<String> answer = gateway.post(route, "/chat/completions", body(stop));

    assertThat(message(answer)).endsWith("🙂...)").hasSizeLessThan(200);
    assertThat(answer.body()).hasSizeLessThan(5000);
  }

  @Test
  @DisplayName("B7.5, G17 of a body that is too large: how large it may be, and is")
  void size() throws Exception {
    try (RawClient client = new RawClient(gateway.port())) {
      client.write(
          "POST "
              + CHAT
              + " HTTP/1.1\r\nhost: x\r\napi-key: "
              + Routes.PRIMARY
              + "\r\ncontent-length: 99999999\r\n\r\n");

      assertThat(client.readUntil(")."))
          .contains("413", "The body may have at most 4194304 bytes (it has 99999999).");
    }
  }
}
