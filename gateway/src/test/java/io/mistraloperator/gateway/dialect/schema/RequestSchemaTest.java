package io.mistraloperator.gateway.dialect.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.dialect.Dialect;
import io.mistraloperator.gateway.dialect.rule.Extras;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.testing.Routes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A11.11, A20.1 schemas say what is read")
class RequestSchemaTest {
  private static final List<Dialect> CHATS = List.of(new Dialect.Azure(), new Dialect.Mistral());
  private static final List<Dialect> TEXTS =
      List.of(new Dialect.AzureText(), new Dialect.OpenAiText());

  private static Stream<Arguments> all() {
    return Stream.concat(
        CHATS.stream()
            .flatMap(
                dialect ->
                    Stream.of(Routes.CHAT, Routes.facts(false, false, false))
                        .map(model -> Arguments.of(dialect, model))),
        TEXTS.stream().map(dialect -> Arguments.of(dialect, Routes.base())));
  }

  /** A request that is complete, so that only the parameter under test can be wrong. */
  private static ObjectNode request(Dialect dialect) {
    ObjectNode body = Json.object();
    if (dialect instanceof Dialect.Text) {
      body.put("prompt", "Hi");
    } else {
      body.putArray("messages").addObject().put("role", "user").put("content", "Hi");
      body.put("logprobs", true);
    }
    return body;
  }

  @ParameterizedTest
  @MethodSource("all")
  void haveEveryParameterThatTheModelHas(Dialect dialect, ModelFacts model) {
    Set<String> documented = new TreeSet<>();
    RequestSchema.of(dialect, model)
        .path("properties")
        .fieldNames()
        .forEachRemaining(documented::add);

    Set<String> expected = new TreeSet<>(dialect.profile().parameters());
    expected.removeAll(Extras.REFUSED);
    if (!model.tools()) {
      expected.removeAll(Set.of("tools", "tool_choice", "parallel_tool_calls"));
    }
    assertThat(documented).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("all")
  void boundsAreThoseOfTheReader(Dialect dialect, ModelFacts model) {
    List<String> checked = new ArrayList<>();
    for (Map.Entry<String, JsonNode> each :
        RequestSchema.of(dialect, model).path("properties").properties()) {
      if (each.getValue().has("minimum") && each.getValue().has("maximum")) {
        checked.add(each.getKey());
        double least = each.getValue().path("minimum").asDouble();
        double most = each.getValue().path("maximum").asDouble();
        accepted(dialect, model, each.getKey(), least);
        accepted(dialect, model, each.getKey(), most);
        refused(dialect, model, each.getKey(), least - 1);
        refused(dialect, model, each.getKey(), most + 1);
      }
    }
    assertThat(checked)
        .contains("temperature", "top_p", "presence_penalty", "frequency_penalty", "max_tokens");
  }

  private static void accepted(Dialect dialect, ModelFacts model, String name, double value) {
    ObjectNode body = request(dialect).put(name, value);
    assertThatCode(() -> dialect.read(body, Extras.Mode.PASS_THROUGH, model))
        .as(name + " " + value)
        .doesNotThrowAnyException();
  }

  private static void refused(Dialect dialect, ModelFacts model, String name, double value) {
    ObjectNode body = request(dialect).put(name, value);
    assertThatThrownBy(() -> dialect.read(body, Extras.Mode.PASS_THROUGH, model))
        .as(name + " " + value)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining(name);
  }

  @Test
  void theDefaultLengthIsThatOfTheDialect() {
    JsonNode azure =
        RequestSchema.of(new Dialect.Azure(), Routes.CHAT).at("/properties/max_tokens");
    JsonNode text =
        RequestSchema.of(new Dialect.AzureText(), Routes.base()).at("/properties/max_tokens");

    assertThat(azure.has("default")).isFalse();
    assertThat(text.path("default").asInt()).isEqualTo(256);
  }

  @Test
  @DisplayName("A12 answer formats are those of the model")
  void formats() {
    JsonNode with = RequestSchema.of(new Dialect.Azure(), Routes.CHAT);
    JsonNode without = RequestSchema.of(new Dialect.Azure(), Routes.facts(true, false, true));

    assertThat(with.at("/properties/response_format/properties/type/enum")).hasSize(3);
    assertThat(without.at("/properties/response_format/properties/type/enum"))
        .hasToString("[\"text\"]");
  }
}
