package io.mistraloperator.gateway.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.api.MistralModelSpec.Task;
import io.mistraloperator.gateway.chat.InferenceRequest;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.chat.Problem;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.dialect.rule.Extras;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.testing.Bodies;
import io.mistraloperator.gateway.testing.Mutation;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.Seed;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The readers alone, with every dialect and kind of model; RequestFuzzTest goes over the wire. */
@DisplayName("B7.3, B7.4 whatever a body holds is read, or refused with every problem in its place")
class DialectFuzzTest {
  private static final int BODIES = 80_000;
  private static final List<Dialect> DIALECTS =
      List.of(
          new Dialect.Azure(),
          new Dialect.Mistral(),
          new Dialect.AzureText(),
          new Dialect.OpenAiText(),
          new Dialect.Score(Task.ChatCompletions),
          new Dialect.Score(Task.TextGeneration));
  private static final List<ModelFacts> CHATS =
      List.of(Routes.CHAT, Routes.seeing(), Routes.facts(false, false, false));

  @Test
  void everyBodyIsReadOrRefused() {
    int read = 0;
    for (int i = 0; i < BODIES; i++) {
      Mutation mutation = new Mutation(Seed.random(i));
      Dialect dialect = mutation.any(DIALECTS);
      ModelFacts model =
          dialect.task() == Task.ChatCompletions ? mutation.any(CHATS) : Routes.base();
      byte[] bytes = mutation.body(mutation.any(Bodies.ALL));
      Extras.Mode mode = mutation.any(List.of(Extras.Mode.values()));
      String words =
          Seed.words(i) + " " + dialect + "\n" + new String(bytes, StandardCharsets.UTF_8);
      Optional<JsonNode> body = Json.parse(bytes);
      if (body.isPresent() && body.get() instanceof ObjectNode object) {
        try {
          assertUsable(dialect.read(object, mode, model), model, words);
          read++;
        } catch (Refusal refusal) {
          assertAdvice(refusal, words);
        }
      }
    }
    assertThat(read).as("bodies that were accepted").isGreaterThan(BODIES / 20);
  }

  private static void assertUsable(InferenceRequest request, ModelFacts model, String words) {
    assertThat(request.sampling().temperature()).as(words).isBetween(0.0, 2.0);
    assertThat(request.sampling().topP()).as(words).isBetween(0.0, 1.0);
    assertThat(request.sampling().maxTokens().orElse(0))
        .as(words)
        .isBetween(0, model.contextLength());
    assertThat(request.sampling().stop()).as(words).hasSizeLessThanOrEqualTo(4);
    assertThat(request.choices()).as(words).isBetween(1, 16);
  }

  private static void assertAdvice(Refusal refusal, String words) {
    assertThat(refusal.code().status()).as(words).isIn(400, 422);
    assertThat(refusal.problems().isEmpty()).as(words).isEqualTo(refusal.code().status() == 400);
    for (Problem problem : refusal.problems()) {
      assertThat(problem.loc()).as(words).hasSizeGreaterThan(1).startsWith("body");
      assertThat(problem.message()).as(words).isNotBlank();
      assertThat(refusal.getMessage()).as(words).contains(String.join(".", problem.loc()));
    }
  }
}
