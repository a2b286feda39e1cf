package io.mistraloperator.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.mistraloperator.api.Engine;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.api.InferenceRouteSpec;
import io.mistraloperator.api.MistralModelSpec;
import io.mistraloperator.api.TokenizerMode;
import io.mistraloperator.gateway.testing.ClusterObjects;
import io.mistraloperator.gateway.testing.Routes;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteReaderTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectMeta META =
      new ObjectMetaBuilder()
          .withName("chat-one")
          .withCreationTimestamp("2026-11-21T08:00:00Z")
          .build();

  @ParameterizedTest
  @CsvSource({"true,VLLM,true", "true,LlamaCpp,false", "false,VLLM,false", ",VLLM,false"})
  @DisplayName(
      "A17.1, G17 a model sees where it can and its engine can, and takes larger bodies then")
  void vision(Boolean capable, Engine engine, boolean sees) {
    InferenceRouteSpec spec =
        ClusterObjects.deployed(
                ClusterObjects.route("mistral-system", "chat-one", Routes.PRIMARY),
                given -> withVision(given, capable, engine))
            .getSpec();

    Route read = RouteReader.read(META, spec, Routes.LIMITS).route();

    assertThat(Routes.only(read).model().vision()).isEqualTo(sees);
    assertThat(Routes.only(read).limits()).isEqualTo(sees ? Routes.SEEING_LIMITS : Routes.LIMITS);
  }

  @ParameterizedTest(name = "{0}, {1}, {2}: {3}")
  @CsvSource({
    "LlamaCpp, V13Tekken,, true",
    "VLLM, V3, HuggingFace, true",
    "VLLM, V3, Auto, true",
    "VLLM, V3, Mistral, false",
    "VLLM, V3,, false",
    "VLLM, V2,, true",
    "VLLM, V1, Mistral, false",
  })
  @DisplayName(
      "C2.11, T-U6 who makes one text of a conversation; an older route tells by the tokenizer")
  void templated(
      Engine engine, MistralModelSpec.Tokenizer tokenizer, TokenizerMode mode, boolean templated) {
    InferenceRouteSpec spec =
        ClusterObjects.deployed(
                ClusterObjects.route("mistral-system", "chat-one", Routes.PRIMARY),
                given -> made(given, tokenizer, engine, mode))
            .getSpec();

    Route read = RouteReader.read(META, spec, Routes.LIMITS).route();

    assertThat(Routes.only(read).model().templated()).isEqualTo(templated);
  }

  private static InferenceRouteSpec.Deployment made(
      InferenceRouteSpec.Deployment given,
      MistralModelSpec.Tokenizer tokenizer,
      Engine engine,
      TokenizerMode mode) {
    InferenceRouteSpec.Model model = given.model();
    return new InferenceRouteSpec.Deployment(
        given.name(),
        given.uid(),
        given.weight(),
        given.mirror(),
        new InferenceRouteSpec.Model(
            model.name(),
            model.provider(),
            model.task(),
            tokenizer,
            model.contextLength(),
            model.capabilities()),
        new InferenceRouteSpec.Backend(engine, "team-a", "chat-engine", "m", mode),
        null,
        null);
  }

  private static InferenceRouteSpec.Deployment withVision(
      InferenceRouteSpec.Deployment given, Boolean capable, Engine engine) {
    InferenceRouteSpec.Model model = given.model();
    return new InferenceRouteSpec.Deployment(
        given.name(),
        given.uid(),
        given.weight(),
        given.mirror(),
        new InferenceRouteSpec.Model(
            model.name(),
            model.provider(),
            model.task(),
            model.tokenizer(),
            model.contextLength(),
            new MistralModelSpec.Capabilities(true, true, capable, true, false)),
        new InferenceRouteSpec.Backend(engine, "team-a", "chat-engine", "m", null),
        null,
        null);
  }

  @Test
  @DisplayName("T-U6 a route that an earlier operator wrote has one deployment, which has it all")
  void earlierForm() {
    InferenceRoute written = ClusterObjects.route("mistral-system", "chat-one", Routes.PRIMARY);
    Route anew = RouteReader.read(META, written.getSpec(), Routes.LIMITS).route();

    Route earlier =
        RouteReader.read(META, ClusterObjects.earlier(written).getSpec(), Routes.LIMITS).route();

    assertThat(earlier.deployments()).isEqualTo(anew.deployments()).hasSize(1);
    assertThat(Routes.only(earlier).weight()).isEqualTo(100);
  }

  @Test
  @DisplayName("T-U6 fields that a later operator added are ignored, but for those of who may call")
  void unknownFields() {
    ObjectNode spec = tree();
    spec.put("colour", "blue");
    for (String path : List.of("/owner", "/deployments/0", "/deployments/0/model")) {
      ((ObjectNode) spec.at(path)).put("colour", "blue");
    }
    assertThat(RouteReader.read(META, spec, Routes.LIMITS))
        .usingRecursiveComparison()
        .isEqualTo(RouteReader.read(META, tree(), Routes.LIMITS));

    spec.putObject("auth").put("mode", "Key").put("onlyFrom", "10.0.0.0/8");
    assertThatThrownBy(() -> RouteReader.read(META, spec, Routes.LIMITS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("onlyFrom");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "/backend/engine, '\"TensorThing\"', TensorThing",
    "/model/task, '\"Dreaming\"', Dreaming",
    "/weight, null, spec.deployments[].weight is missing or unknown",
    "/weight, '\"most\"', most",
    "/backend, '[]', Backend",
  })
  @DisplayName("T-U6 a deployment that cannot be read costs those beside it nothing")
  void oneUnreadableDeployment(String path, String value, String words) throws Exception {
    ObjectNode spec = tree();
    ArrayNode deployments = (ArrayNode) spec.path("deployments");
    ObjectNode later = deployments.get(0).deepCopy();
    later.put("name", "later");
    JsonPointer place = JsonPointer.compile(path);
    ((ObjectNode) later.at(place.head()))
        .set(place.last().getMatchingProperty(), JSON.readTree(value));
    deployments.insert(0, later);

    RouteReader.Reading reading = RouteReader.read(META, spec, Routes.LIMITS);

    assertThat(Routes.only(reading.route()).name()).isEqualTo("chat-one");
    assertThat(reading.unreadable())
        .singleElement()
        .asString()
        .startsWith("deployment later: ")
        .contains(words);

    deployments.remove(1);
    assertThatThrownBy(() -> RouteReader.read(META, spec, Routes.LIMITS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("deployment later: ");
  }

  private static ObjectNode tree() {
    return JSON.valueToTree(
        ClusterObjects.route("mistral-system", "chat-one", Routes.PRIMARY).getSpec());
  }
}
