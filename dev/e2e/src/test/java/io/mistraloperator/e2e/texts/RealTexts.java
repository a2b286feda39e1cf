package io.mistraloperator.e2e.texts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mistraloperator.e2e.cluster.Application;
import io.mistraloperator.e2e.cluster.Cluster;
import io.mistraloperator.e2e.cluster.Project;
import io.mistraloperator.e2e.cluster.RealCluster;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** B6: a base model continues texts. */
@RealCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RealTexts {
  private static final String DEPLOYMENT = "base";
  private static final String BASE_MODEL = "model: Tiny-Mistral-Base";

  /** How the tiny base model goes on, whatever it reads. */
  private static final String SENTENCE = " from a tiny Mistral model running on CPU.";

  /** Of 3,500 bytes it may be that all are tokens. */
  private static final String LONG = "word ".repeat(700);

  private static final int CONTEXT = 4096;

  private final Cluster cluster;
  private Project project;
  private Application application;

  RealTexts(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Brings a deployment of a base model up. */
  abstract void deploy(Project project, String deployment, String model);

  @BeforeAll
  @Timeout(600)
  void start() {
    project = cluster.project("texts");
    deploy(project, DEPLOYMENT, BASE_MODEL);
    application = project.application(DEPLOYMENT);
  }

  @AfterAll
  void leave() {
    if (project != null) {
      project.close();
    }
  }

  private static String body(String prompt, String rest) {
    return "{\"prompt\":\"" + prompt + "\",\"temperature\":0" + rest + "}";
  }

  @Test
  @DisplayName("B6.1, B6.2 a text goes on in one piece, with log-probabilities beside each other")
  void plain() {
    HttpResponse<String> azure = application.post("/completions", body("Hello", ""));
    HttpResponse<String> openAi =
        application.post("/v1/completions", body("Hello", ",\"logprobs\":2"));

    assertThat(azure.statusCode()).as(azure.body()).isEqualTo(200);
    JsonNode choice = Application.json(azure.body()).at("/choices/0");
    assertThat(choice.path("text").asText()).isEqualTo(SENTENCE);
    assertThat(choice.path("finish_reason").asText()).isEqualTo("stop");
    JsonNode logprobs = Application.json(openAi.body()).at("/choices/0/logprobs");
    assertThat(String.join("", texts(logprobs.path("tokens")))).startsWith(SENTENCE);
    assertThat(logprobs.path("token_logprobs")).hasSameSizeAs(logprobs.path("tokens"));
    assertThat(logprobs.path("top_logprobs").path(0).size()).isBetween(2, 3);
  }

  @Test
  @DisplayName("B6.1, C1.4 two choices are streamed, each with its end; usage is that of both")
  void streamed() {
    HttpResponse<String> answer =
        application.post("/v1/completions", body("Hello", ",\"n\":2,\"stream\":true"));

    assertThat(answer.body()).endsWith("data: [DONE]\n\n");
    String[] continued = {"", ""};
    String[] reasons = {"", ""};
    List<JsonNode> events =
        Stream.of(answer.body().split("\n\n"))
            .map(event -> event.substring("data: ".length()))
            .filter(data -> !data.equals("[DONE]"))
            .map(Application::json)
            .toList();
    for (JsonNode choice : events.stream().map(event -> event.at("/choices/0")).toList()) {
      continued[choice.path("index").asInt()] += choice.path("text").asText();
      reasons[choice.path("index").asInt()] += choice.path("finish_reason").asText("");
    }
    assertThat(continued).containsExactly(SENTENCE, SENTENCE);
    assertThat(reasons).containsExactly("stop", "stop");
    JsonNode usage = events.getLast().path("usage");
    assertThat(usage.path("completion_tokens").asInt()).isPositive().isEven();
  }

  @Test
  @DisplayName("A19.3, G3 the engine's own count says what there is room for, to the token")
  void room() {
    HttpResponse<String> over =
        application.post("/completions", body(LONG, ",\"max_tokens\":" + CONTEXT));

    assertThat(over.statusCode()).as(over.body()).isEqualTo(422);
    JsonNode problem = Application.json(over.body()).at("/detail/0");
    assertThat(problem.path("loc")).hasToString("[\"body\",\"max_tokens\"]");
    String room = problem.path("msg").asText().replaceFirst(".*ask for at most ", "");
    assertThat(room).containsOnlyDigits();
    HttpResponse<String> fits =
        application.post("/completions", body(LONG, ",\"max_tokens\":" + room));
    assertThat(fits.statusCode()).as(fits.body()).isEqualTo(200);
    assertThat(Application.json(fits.body()).at("/usage/prompt_tokens").asInt())
        .isEqualTo(CONTEXT - Integer.parseInt(room));
  }

  private static List<String> texts(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
  }
}
