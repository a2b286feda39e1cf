package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mistraloperator.api.Engine;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("B6.6 the older form of managed endpoints")
class ScoreFlowTest extends FlowFixture {
  private static final String TEXT =
      "{\"choices\":[{\"text\":\" upon\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"stop\"}],"
          + "\"usage\":{\"completion_tokens\":1,\"prompt_tokens\":3,\"total_tokens\":4}}";
  private static final String CHAT = "{\"role\":\"user\",\"content\":\"Hi\"}";

  private final Route base = Routes.route("base", Engine.LlamaCpp, Routes.base());

  @BeforeEach
  void serveBoth() {
    gateway.serve(route, base);
    gateway.instances(base, engine.instance());
    engine.streams(StubEngine.answer());
  }

  private static String chat(String parameters) {
    return "{\"input_data\":{\"input_string\":[" + CHAT + "],\"parameters\":" + parameters + "}}";
  }

  private static JsonNode json(String text) {
    return Json.parse(text.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  @Test
  void aChatIsAnsweredWithItsText() {
    HttpResponse<String> answer =
        gateway.post(
            route,
            "/score",
            chat(
                "{\"temperature\":0.6,\"top_p\":0.9,\"do_sample\":true,\"max_new_tokens\":200,\"return_full_text\":false}"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).contains("application/json");
    assertThat(answer.body()).isEqualTo("{\"output\":\"Hello there\"}");
    JsonNode asked = engine.only().body();
    assertThat(asked.path("messages")).hasToString("[" + CHAT + "]");
    assertThat(asked.path("temperature").asDouble()).isEqualTo(0.6);
    assertThat(asked.path("top_p").asDouble()).isEqualTo(0.9);
    assertThat(asked.path("max_tokens").asInt()).isEqualTo(200);
    assertThat(asked.has("do_sample") || asked.has("return_full_text")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"input_data\":{\"input_string\":[\"Once\"],\"parameters\":{\"max_new_tokens\":7}}}",
        "{\"input_data\":[\"Once\"],\"params\":{\"max_tokens\":7}}"
      })
  void aBaseModelAnswersInAListInBothForms(String body) {
    engine.streams(TEXT, "[DONE]");

    HttpResponse<String> answer = gateway.post(base, "/score", body);

    assertThat(answer.body()).isEqualTo("{\"output\":[\" upon\"]}");
    assertThat(engine.only().body().path("prompt").asText()).isEqualTo("Once");
    assertThat(engine.only().body().path("max_tokens").asInt()).isEqualTo(7);
  }

  @Test
  void withoutParametersTheDefaultsAreThoseOfTheOtherRoutes() {
    gateway.post(route, "/score", "{\"input_data\":{\"input_string\":[" + CHAT + "]}}");

    assertThat(engine.only().body().path("temperature").asDouble()).isEqualTo(1);
    assertThat(engine.only().body().has("max_tokens")).isFalse();
  }

  @Test
  void withoutSamplingTheLikeliestIsTaken() {
    gateway.post(route, "/score", chat("{\"do_sample\":\"False\",\"temperature\":0.8}"));

    assertThat(engine.only().body().path("temperature").asDouble(-1)).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|body.input_data.input_string",
        "{\"input_data\":[\"Hi\"]}|body.input_data.input_string",
        "{\"input_data\":{\"input_string\":\"Hi\"}}|body.input_data.input_string",
        "{\"input_data\":{\"input_string\":[]}}|body.input_data.input_string",
        "{\"input_data\":{\"input_string\":[{\"role\":\"robot\",\"content\":\"a\"}]}}|body.input_data.input_string.0.role",
        "{\"input_data\":{\"input_string\":[C],\"parameters\":[1]}}|body.input_data.parameters",
        "{\"input_data\":{\"input_string\":[C],\"parameters\":{\"top_p\":2}}}|body.input_data.parameters.top_p",
        "{\"input_data\":{\"input_string\":[C],\"parameters\":{\"max_new_tokens\":-1}}}|body.input_data.parameters.max_new_tokens",
        "{\"input_data\":{\"input_string\":[C],\"parameters\":{\"do_sample\":\"so\"}}}|body.input_data.parameters.do_sample",
        "{\"input_data\":{\"input_string\":[C],\"parameters\":{\"return_full_text\":true}}}|body.input_data.parameters.return_full_text"
      })
  void whatIsWrongIsToldInTheClientsOwnPlaces(String body, String place) {
    HttpResponse<String> answer = gateway.post(route, "/score", body.replace("C", CHAT));

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("\"message\":\"" + place + ": ");
    assertThat(json(answer.body()).path("detail")).hasSize(1);
    assertThat(engine.seen()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"input_data\":{\"parameters\":{\"do_sample\":\"so\",\"temperature\":9}}}|input_string do_sample temperature",
        "{\"input_data\":{\"input_string\":[{\"role\":\"robot\"}],\"parameters\":{\"do_sample\":false,\"temperature\":9,\"return_full_text\":true}}}|return_full_text role temperature",
        "{\"input_data\":{\"input_string\":7,\"parameters\":7}}|input_string parameters",
        "{\"input_data\":{\"input_string\":[C],\"parameters\":{\"do_sample\":\"so\",\"max_gen_len\":-1,\"stop\":7}}}|do_sample max_gen_len stop"
      })
  @DisplayName("B7.3 every problem is told at once, and once")
  void everyProblem(String body, String names) {
    HttpResponse<String> answer = gateway.post(route, "/score", body.replace("C", CHAT));

    assertThat(json(answer.body()).path("detail"))
        .extracting(problem -> problem.path("loc").path(problem.path("loc").size() - 1).asText())
        .containsExactlyInAnyOrder(names.split(" "));
  }

  @Test
  @DisplayName("A14.1, A14.3, B3.2 the safety prompt is had here too")
  void safePrompt() {
    gateway.post(route, "/score", chat("{\"safe_prompt\":true,\"random_seed\":3}"));

    assertThat(engine.only().body().at("/messages/0/content").asText())
        .startsWith("Always assist with care");
    assertThat(engine.only().body().path("seed").asInt()).isEqualTo(3);
  }

  @Test
  void parametersOfABaseModelAreNamedWhereTheyStand() {
    HttpResponse<String> answer =
        gateway.post(base, "/score", "{\"input_data\":[\"Once\"],\"params\":{\"top_p\":2}}");

    assertThat(answer.body()).contains("\"message\":\"body.params.top_p: ");
  }

  @ParameterizedTest
  @CsvSource({"error,400", "drop,200", "pass-through,200"})
  @DisplayName("B3.1, B3.4 other parameters need leave here too")
  void extras(String mode, int status) {
    HttpResponse<String> answer =
        gateway.send(
            gateway
                .request(route, "/score")
                .header("extra-parameters", mode)
                .POST(BodyPublishers.ofString(chat("{\"repetition_penalty\":1.1}"))));

    assertThat(answer.statusCode()).isEqualTo(status);
    if (status == 200) {
      assertThat(engine.only().body().has("repetition_penalty"))
          .isEqualTo(mode.equals("pass-through"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"stream\":true", "\"n\":2", "\"tools\":[]", "\"messages\":[]"})
  void whatWouldMakeAnotherKindOfAnswerIsNotPassedThrough(String parameter) {
    HttpResponse<String> answer =
        gateway.send(
            gateway
                .request(route, "/score")
                .header("extra-parameters", "pass-through")
                .POST(BodyPublishers.ofString(chat("{" + parameter + "}"))));

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("use /chat/completions");
  }
}
