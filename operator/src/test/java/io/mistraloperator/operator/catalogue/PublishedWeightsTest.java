package io.mistraloperator.operator.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.api.Engine;
import io.mistraloperator.api.MistralModel;
import io.mistraloperator.api.MistralModelSpec;
import io.mistraloperator.api.MistralModelSpec.Weights;
import io.mistraloperator.operator.catalogue.Model.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The chart's catalogue beside what is published of each model. */
class PublishedWeightsTest {
  private static final ChartCatalogue CHART = ChartCatalogue.read();
  private static final Path PUBLISHED = Path.of("src/test/resources/catalogue/published.csv");

  /**
   * Least and most bytes of a parameter. Files of small floats and integers have scales, and some
   * layers as they were: the smaller the model, the more these weigh.
   */
  private static final Map<String, Range> BYTES =
      Map.of(
          "BF16", new Range(1.98, 2.02),
          "FP8", new Range(0.99, 1.25),
          "NVFP4", new Range(0.55, 0.65),
          "INT4", new Range(0.58, 0.62),
          "Q4_K_M", new Range(0.56, 0.63));

  private record Range(double least, double most) {}

  @Test
  void everyModelWithWeightsIsCompared() throws IOException {
    assertThat(
            Files.readAllLines(PUBLISHED).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.substring(0, line.indexOf(','))))
        .containsExactlyInAnyOrderElementsOf(
            CHART.models().stream()
                .map(MistralModel::getSpec)
                .filter(spec -> spec.weights() != Weights.None)
                .map(MistralModelSpec::id)
                .toList());
  }

  @ParameterizedTest(name = "{0}: {1} billion parameters, {2} tokens, {3}")
  @CsvFileSource(resources = "/catalogue/published.csv", commentCharacter = '#')
  @DisplayName("Sizes are those of the parameters; context and licence are the publisher's")
  void agreesWithThePublisher(String id, double billions, int context, String licence) {
    var spec = CHART.entry(id).getSpec();
    assertThat(spec.contextLength()).isEqualTo(context);
    assertThat(spec.license().name()).isEqualTo(licence);
    assertThat(model(id).weights())
        .containsKey("BF16")
        .allSatisfy(
            (precision, bytes) ->
                assertThat(bytes / (billions * 1e9))
                    .as("bytes of a parameter, %s", precision)
                    .isBetween(BYTES.get(precision).least(), BYTES.get(precision).most()));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("ggufFiles")
  @DisplayName("A GGUF file is named after its model and its number format")
  void namesTheModelsOwnFile(String id, String url, String precision, String repository) {
    String file = url.substring(url.lastIndexOf('/') + 1);
    assertThat(file).endsWith(precision + ".gguf");
    assertThat(bare(file)).startsWith(bare(repository.substring(repository.indexOf('/') + 1)));
  }

  static Stream<Arguments> ggufFiles() {
    return CHART.models().stream()
        .map(entry -> entry.getSpec().id())
        .flatMap(
            id ->
                model(id).sources().stream()
                    .filter(source -> source.engine() == Engine.LlamaCpp)
                    .map(
                        source ->
                            Arguments.of(
                                id,
                                source.from().url().url(),
                                source.precision(),
                                repository(model(id)))));
  }

  /** Where the same weights are for vLLM. */
  private static String repository(Model model) {
    return model.sources().stream()
        .filter(source -> source.engine() == Engine.VLLM)
        .map(Source::from)
        .findFirst()
        .orElseThrow()
        .huggingFace()
        .repository();
  }

  private static Model model(String id) {
    return Model.of(CHART.entry(id)).orElseThrow();
  }

  private static String bare(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
  }
}
