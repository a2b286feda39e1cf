package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.api.Engine;
import io.mistraloperator.gateway.route.Deployment;
import io.mistraloperator.gateway.route.Queueing;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("D2.4, D2.5 requests to an endpoint with two deployments")
class TrafficFlowTest extends FlowFixture {
  private static final String HEADER = "azureml-model-deployment";

  private StubEngine green;

  @BeforeEach
  void startGreen() throws Exception {
    engine.streams(StubEngine.answer());
    green = new StubEngine(vertx);
    green.streams(StubEngine.answer());
  }

  @AfterEach
  void stopGreen() {
    green.close();
  }

  private Deployment blueAt(int weight) {
    return Routes.beside(route, "blue", weight, 0);
  }

  private Deployment greenAt(int weight) {
    return Routes.beside(route, "green", weight, 0);
  }

  private void split(Deployment blue, Deployment other) {
    gateway.serve(Routes.deployed(route, blue, other));
    gateway.instances(blue, engine.instance());
    gateway.instances(other, green.instance());
  }

  private HttpResponse<String> askFor(String deployment) {
    return gateway.send(
        gateway
            .request(route, "/chat/completions")
            .header(HEADER, deployment)
            .POST(BodyPublishers.ofString(HELLO)));
  }

  private Map<String, Long> answered(int requests) {
    return IntStream.range(0, requests)
        .mapToObj(i -> gateway.post(route, "/chat/completions", HELLO))
        .peek(answer -> assertThat(answer.statusCode()).isEqualTo(200))
        .map(answer -> answer.headers().firstValue(HEADER).orElseThrow())
        .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
  }

  @Test
  @DisplayName("requests are shared by weight, and each answer names who gave it")
  void sharesByWeight() {
    split(blueAt(75), greenAt(25));

    Map<String, Long> names = answered(400);

    // Six standard deviations: less than one run in a hundred million fails by chance.
    assertThat(names.get("green")).isBetween(100L - 52, 100L + 52);
    assertThat(engine.seen()).hasSize(names.get("blue").intValue());
    assertThat(green.seen()).hasSize(names.get("green").intValue());
    assertThat(gateway.load(route, greenAt(25)).requests()).isEqualTo(names.get("green"));
  }

  @Test
  @DisplayName("one at 0 is reached by the header, in any case, and by nothing else")
  void headerReachesZero() {
    split(blueAt(100), greenAt(0));

    assertThat(answered(20)).containsOnlyKeys("blue");
    HttpResponse<String> named = askFor("GREEN");

    assertThat(named.statusCode()).isEqualTo(200);
    assertThat(named.headers().firstValue(HEADER)).contains("green");
    assertThat(green.seen()).hasSize(1);
  }

  @Test
  @DisplayName("each is spoken to in its own form of /score")
  void scoresByDeployment() {
    Deployment texts =
        Routes.beside(Routes.route("texts", Engine.LlamaCpp, Routes.base()), "texts", 0, 0);
    split(blueAt(100), texts);
    green.streams(
        "{\"choices\":[{\"index\":0,\"text\":\" upon\",\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}",
        "[DONE]");

    HttpResponse<String> answer =
        gateway.send(
            gateway
                .request(route, "/score")
                .header(HEADER, "texts")
                .POST(BodyPublishers.ofString("{\"input_data\":[\"Once\"]}")));

    assertThat(answer.body()).isEqualTo("{\"output\":[\" upon\"]}");
    assertThat(engine.seen()).isEmpty();
  }

  @Test
  @DisplayName("an unknown name is a 404 that lists those that there are")
  void unknownName() {
    split(blueAt(100), greenAt(0));

    HttpResponse<String> answer = askFor("red");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("x-ms-error-code")).contains("DeploymentNotFound");
    assertThat(answer.body()).contains("blue, green");
    assertThat(answer.headers().firstValue(HEADER)).isEmpty();
  }

  @Test
  @DisplayName("a share without an instance is answered by the others")
  void unableLeavesItsShare() {
    split(blueAt(50), greenAt(50));
    gateway.instances(greenAt(50));

    assertThat(answered(30)).containsOnlyKeys("blue");
  }

  @Test
  @DisplayName("where all have 0 only the header reaches one")
  void nobodyHasTraffic() {
    split(blueAt(0), greenAt(0));

    HttpResponse<String> answer = gateway.post(route, "/chat/completions", HELLO);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("x-ms-error-code")).contains("DeploymentNotFound");
    assertThat(answer.body()).contains("spec.traffic");
    assertThat(askFor("green").statusCode()).isEqualTo(200);
  }

  @Test
  @DisplayName("deployments wait by their own rules; one that is taken away lets go")
  void waitApart() throws Exception {
    Deployment asleep =
        Routes.with(
            greenAt(0),
            Routes.LIMITS,
            new Queueing(
                OptionalInt.empty(),
                Duration.ofSeconds(60),
                Optional.of(new Queueing.Hold(10, 1 << 20, Duration.ofMinutes(10)))));
    split(blueAt(100), asleep);
    gateway.instances(asleep);
    var waiting =
        gateway
            .client()
            .sendAsync(
                gateway
                    .request(route, "/chat/completions")
                    .header(HEADER, "green")
                    .POST(BodyPublishers.ofString(HELLO))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    await().until(() -> gateway.load(route, asleep).held() == 1);
    assertThat(gateway.load(route, blueAt(100)).held()).isZero();
    assertThat(answered(3)).containsOnlyKeys("blue");

    gateway.serve(Routes.deployed(route, blueAt(100)));

    assertThat(waiting.get().statusCode()).isEqualTo(503);
    assertThat(waiting.get().headers().firstValue("retry-after")).isPresent();
  }
}
