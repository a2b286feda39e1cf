package io.mistraloperator.gateway.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.ChatRequest;
import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.dialect.rule.Extras;
import io.mistraloperator.gateway.engine.Engine;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.testing.Routes;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("C4 images in messages")
class ImageReadTest {
  private static final String PNG = "data:image/png;base64,iVBORw0KGgo=";
  private static final String IMAGE =
      "{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + PNG + "\"}}";

  private static ChatRequest read(String messages, ModelFacts model) {
    String json = "{\"messages\":[" + messages + "]}";
    return new Dialect.Mistral()
        .read(
            (ObjectNode) Json.parse(json.getBytes(StandardCharsets.UTF_8)).orElseThrow(),
            Extras.Mode.ERROR,
            model);
  }

  private static String user(String... parts) {
    return "{\"role\":\"user\",\"content\":[" + String.join(",", parts) + "]}";
  }

  private static JsonNode sent(String messages) {
    return new Engine.Vllm()
        .write(read(messages, Routes.seeing()), Routes.seeing(), "m")
        .path("messages");
  }

  private static Refusal refusal(String messages, ModelFacts model) {
    return catchThrowableOfType(Refusal.class, () -> read(messages, model));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"image_url\",\"image_url\":{\"url\":\"URL\"}}",
        "{\"type\":\"image_url\",\"image_url\":\"URL\"}",
        "{\"type\":\"image_url\",\"image\":{\"url\":\"URL\"}}",
        "{\"type\":\"image\",\"image\":\"URL\"}"
      })
  @DisplayName(
      "A17.1, A17.2, A17.5, C4: every form reaches the engine as one, in the client's order")
  void forms(String part) {
    JsonNode messages =
        sent(
            user(
                "{\"type\":\"text\",\"text\":\"What is\"}",
                part.replace("URL", PNG),
                "{\"type\":\"text\",\"text\":\"this?\"}"));

    assertThat(messages)
        .hasToString(
            "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"What is\"},"
                + IMAGE
                + ",{\"type\":\"text\",\"text\":\"this?\"}]}]");
  }

  @Test
  void theDetailIsKept() {
    String part = IMAGE.replace("}}", ",\"detail\":\"high\"}}");

    assertThat(sent(user(part)).toString()).contains(part);
  }

  @Test
  @DisplayName("A model that sees still gets texts alone as one text")
  void textsAlone() {
    assertThat(
            sent(user("{\"type\":\"text\",\"text\":\"a\"}", "{\"type\":\"text\",\"text\":\"b\"}")))
        .hasToString("[{\"role\":\"user\",\"content\":\"a\\nb\"}]");
  }

  @Test
  @DisplayName(
      "C3.1, C3.2, C4 neighbours become one message with all their parts; system text leads it")
  void merged() {
    ModelFacts folding =
        new ModelFacts(
            "m",
            "p",
            Routes.seeing().task(),
            Routes.seeing().tokenizer(),
            4096,
            true,
            true,
            true,
            false,
            false);
    ChatRequest request =
        read(
            "{\"role\":\"system\",\"content\":\"Be brief.\"},"
                + user(IMAGE)
                + ",{\"role\":\"user\",\"content\":\"Well?\"}",
            folding);

    assertThat(new Engine.Vllm().write(request, folding, "m").path("messages"))
        .hasToString(
            "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Be brief.\"},"
                + IMAGE
                + ",{\"type\":\"text\",\"text\":\"Well?\"}]}]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"type\":\"image_url\",\"image_url\":{\"url\":\"http://x/a.png\"}}|image_url",
        "{\"type\":\"image_url\",\"image_url\":\"file:///etc/passwd\"}|image_url",
        "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:text/html;base64,AAAA\"}}|image_url",
        "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,\"}}|image_url",
        "{\"type\":\"image_url\",\"image_url\":{}}|image_url",
        "{\"type\":\"image_url\"}|image_url",
        "{\"type\":\"image_url\",\"image\":{\"url\":7}}|image",
        "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAAA\",\"detail\":\"most\"}}|detail"
      })
  void whatIsNoImageIsRefusedByPlace(String part, String place) {
    Refusal refusal = refusal(user("{\"type\":\"text\",\"text\":\"a\"}", part), Routes.seeing());

    assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_INPUT);
    assertThat(refusal.problems())
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.loc())
                    .startsWith("body", "messages", "0", "content", "1")
                    .endsWith(place));
  }

  @Test
  @DisplayName("A17.3 at most four in a request")
  void atMostFour() {
    String two = user(IMAGE, IMAGE);
    String answer = ",{\"role\":\"assistant\",\"content\":\"ok\"},";

    assertThat(read(two + answer + two, Routes.seeing()).messages()).hasSize(3);
    assertThat(refusal(two + answer + user(IMAGE, IMAGE, IMAGE), Routes.seeing()).problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.loc()).endsWith("2", "content", "2"));
  }

  @Test
  @DisplayName("only users show images")
  void otherRoles() {
    Refusal refusal =
        refusal(
            user(IMAGE).replace("user", "system") + ",{\"role\":\"user\",\"content\":\"a\"}",
            Routes.seeing());

    assertThat(refusal.code()).isEqualTo(ErrorCode.PARAMETER_NOT_SUPPORTED);
    assertThat(refusal.getMessage()).contains("message of the user");
  }

  @Test
  @DisplayName("A17.6 a model of text alone refuses an image, and an empty list of parts as ever")
  void textModel() {
    assertThat(refusal(user(IMAGE), Routes.CHAT).code())
        .isEqualTo(ErrorCode.PARAMETER_NOT_SUPPORTED);
    assertThat(refusal(user(), Routes.CHAT).problems()).hasSize(1);
    assertThat(refusal(user(), Routes.seeing()).problems()).hasSize(1);
  }
}
