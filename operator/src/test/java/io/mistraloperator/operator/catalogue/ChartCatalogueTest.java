package io.mistraloperator.operator.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.mistraloperator.api.MistralModel;
import io.mistraloperator.api.MistralModelSpec;
import io.mistraloperator.api.MistralModelSpec.Label;
import io.mistraloperator.api.MistralModelSpec.Task;
import io.mistraloperator.api.MistralModelSpec.Weights;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/** Models of the chart's catalogue. */
class ChartCatalogueTest {
  private static final ChartCatalogue CHART = ChartCatalogue.read();

  private final Catalogue catalogue = CHART.catalogue();

  @Test
  void everyEntryCanBeRead() {
    assertThat(CHART.models())
        .allSatisfy(entry -> assertThat(Model.of(entry)).isPresent())
        .hasSizeGreaterThan(50);
    assertThat(CHART.types()).allSatisfy(type -> assertThat(Machine.of(type)).isPresent());
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvFileSource(resources = "/catalogue/names.csv", commentCharacter = '#')
  @DisplayName("A1.6 every name by which Azure, Mistral and Hugging Face know a model is found")
  void everyNameOfAModelIsFound(String name, String id) {
    for (String spelling :
        List.of(
            name, name.toUpperCase(Locale.ROOT), name.replace('-', '_'), name.replace(".", ""))) {
      assertThat(catalogue.model(spelling)).as(spelling).map(Model::id).contains(id);
    }
  }

  @Test
  @DisplayName("A18.1, A18.3 all models that chat have a system role but these")
  void systemRoles() {
    assertThat(CHART.models())
        .extracting(MistralModel::getSpec)
        .filteredOn(spec -> spec.task() == Task.ChatCompletions)
        .filteredOn(spec -> !spec.capabilities().systemRole())
        .extracting(MistralModelSpec::id)
        .containsExactlyInAnyOrder(
            "mistralai-Mistral-7B-Instruct-v01",
            "mistralai-Mistral-7B-Instruct-v02",
            "mistralai-Mixtral-8x22B-Instruct-v0-1",
            "mistralai-Mixtral-8x7B-Instruct-v01",
            "Voxtral-Mini-3B-2507",
            "Voxtral-Small-24B-2507");
  }

  @Test
  @DisplayName("A model that there is not is answered with the nearest ids")
  void namesTheNearestModels() {
    assertThat(catalogue.model("Mistral-Smal")).isEmpty();
    assertThat(catalogue.noSuchModel("Mistral-Smal"))
        .startsWith(
            "there is no model \"Mistral-Smal\" in the catalogue; the nearest are Mistral-Small, ");
    assertThat(catalogue.noSuchModel("mixtral-8x7b-instruct-v02"))
        .contains("mistralai-Mixtral-8x7B-Instruct-v01");
  }

  @Test
  @DisplayName(
      "A1.11, A1.12, A1.16 the card of every model says what it is, whose, and under which licence")
  void cardsAreComplete() {
    assertThat(CHART.models())
        .extracting(MistralModel::getSpec)
        .allSatisfy(
            spec -> {
              assertThat(spec.displayName()).isNotBlank();
              assertThat(spec.description()).hasSizeGreaterThan(40).endsWith(".");
              assertThat(spec.provider()).isEqualTo("MistralAI");
              assertThat(spec.license().name()).isNotBlank();
              assertThat(spec.license().url()).startsWith("https://");
              assertThat(spec.recommendedInstanceTypes()).isNotEmpty();
              assertThat(spec.minimumInstanceTypes()).isNotEmpty();
            });
    assertThat(card("mistralai-Mistral-7B-Instruct-v01"))
        .contains("Instruct-tuned", "attention", "Grouped-query", "byte-fallback BPE tokenizer")
        .contains("sliding-window");
  }

  @Test
  @DisplayName("A1.13, A1.14 cards of premium models say languages, context, safety and functions")
  void cardsOfPremiumModels() {
    assertThat(List.of(card("Mistral-Large"), card("Mistral-Small")))
        .allSatisfy(
            card ->
                assertThat(card)
                    .contains("English", "French", "German", "Spanish", "Italian", "code")
                    .contains("32 thousand tokens", "safe mode"));
    assertThat(card("mistral-large-2407"))
        .contains("dozens of natural", "80 programming languages", "function calling", "JSON");
  }

  @Test
  @DisplayName("A1.2 to A1.5, A1.7 to A1.9 labels and modes of the models that are promised")
  void labelsAndModes() {
    assertThat(
            Stream.of(
                    "Mistral-Large",
                    "mistral-large-2407",
                    "Mistral-Small",
                    "Ministral-3B",
                    "Mistral-Nemo",
                    "mistralai-Mixtral-8x7B-Instruct-v01",
                    "mistralai-Mixtral-8x7B-v01",
                    "mistralai-Mistral-7B-Instruct-v01",
                    "mistralai-Mistral-7B-v01",
                    "mistralai-Mistral-7B-Instruct-v02",
                    "mistralai-Mixtral-8x22B-Instruct-v0-1")
                .map(id -> CHART.entry(id).getSpec()))
        .extracting(
            MistralModelSpec::label,
            spec -> spec.deployment().managed(),
            spec -> spec.deployment().serverless() != null)
        .containsExactly(
            tuple(Label.Premium, false, true),
            tuple(Label.Premium, false, true),
            tuple(Label.Premium, false, true),
            tuple(Label.Premium, false, true),
            tuple(Label.Open, true, true),
            tuple(Label.Open, true, false),
            tuple(Label.Open, true, false),
            tuple(Label.Open, true, false),
            tuple(Label.Open, true, false),
            tuple(Label.Open, true, false),
            tuple(Label.Open, true, false));
    assertThat(CHART.models())
        .extracting(MistralModel::getSpec)
        .filteredOn(spec -> spec.label() == Label.Premium)
        .as("premium models are not for managed compute")
        .allSatisfy(spec -> assertThat(spec.deployment().managed()).isFalse());
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "Mistral-Large, Mistral-Large-3",
    "Mistral-Small, Mistral-Small-3.2-24B-Instruct-2506",
    "Ministral-3B, Ministral-3-3B-Instruct-2512",
    "mistral-medium-2505, Mistral-Medium-3.5-128B",
    "Codestral-2501, Devstral-Small-2-24B-Instruct-2512",
    "Magistral-Medium-2509, Magistral-Small-2509",
  })
  @DisplayName(
      "Weights that are not public have a substitute of the catalogue, and say so on the card")
  void substitutes(String id, String substitute) {
    var spec = CHART.entry(id).getSpec();
    assertThat(spec.weights()).isEqualTo(Weights.None);
    var other = catalogue.model(spec.substitute()).orElseThrow();
    assertThat(other.id()).isEqualTo(substitute);
    var model = catalogue.model(id).orElseThrow();
    assertThat(model.weights()).isEqualTo(other.weights());
    assertThat(model.attention()).isEqualTo(other.attention());
    assertThat(model.sources()).isEqualTo(other.sources());
    assertThat(spec.license()).isEqualTo(CHART.entry(substitute).getSpec().license());
    assertThat(spec.description()).contains("Its weights are not public", "in its place");
  }

  @Test
  void onlyWeightsThatAreNotPublicHaveSubstitutes() {
    assertThat(CHART.models())
        .extracting(MistralModel::getSpec)
        .allSatisfy(
            spec ->
                assertThat(spec.substitute() != null).isEqualTo(spec.weights() == Weights.None));
  }

  @Test
  @DisplayName("Licences that forbid use in business are those of research weights")
  void licencesOfResearchWeights() {
    assertThat(CHART.models())
        .extracting(MistralModel::getSpec)
        .allSatisfy(
            spec ->
                assertThat(spec.license().name().matches("MRL.*|MNPL.*"))
                    .as(spec.id())
                    .isEqualTo(spec.weights() == Weights.Research));
  }

  private static String card(String id) {
    return CHART.entry(id).getSpec().description();
  }
}
