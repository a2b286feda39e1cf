package io.mistraloperator.e2e.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What the chart renders from some values.
 *
 * @param text the manifest
 * @param objects its objects, in order
 */
record RenderedChart(String text, List<JsonNode> objects) {
  /** Name of the release in all tests. */
  static final String RELEASE = "mistral";

  /** Namespace of the release in all tests. */
  static final String NAMESPACE = "mistral-system";

  /** Root of the repository. */
  static final Path ROOT = Path.of(System.getProperty("mistral.root")).toAbsolutePath();

  /** Folder of the chart. */
  static final Path CHART = ROOT.resolve("helm/mistral-operator");

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  /** Renders with these values, in YAML, on top of the chart's own; hooks are left out. */
  static RenderedChart with(String values) {
    return render(CHART, values);
  }

  /** Renders hooks like everything else, which Helm's library cannot do. */
  static RenderedChart withHooks(Path scratch) throws IOException {
    try (var files = Files.walk(CHART)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        var copy = scratch.resolve(CHART.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        var text = Files.readString(file);
        Files.writeString(copy, text.replace("helm.sh/hook: ", "was-hook: "));
      }
    }
    return render(scratch, "{}");
  }

  private static RenderedChart render(Path chart, String values) {
    var text =
        new Helm(chart)
            .template()
            .withName(RELEASE)
            .withNamespace(NAMESPACE)
            .withKubeVersion("1.34.4")
            .withValuesFile(valuesFile(values))
            .skipCrds()
            .call();
    return new RenderedChart(text, documents(text));
  }

  /** A file with these values, for commands of Helm. */
  static Path valuesFile(String values) {
    try {
      var file = Files.createTempFile("values", ".yaml");
      file.toFile().deleteOnExit();
      return Files.writeString(file, values);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The chart's own values. */
  static JsonNode defaults() {
    try {
      return YAML.readTree(CHART.resolve("values.yaml").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All documents of a YAML text that hold something. */
  static List<JsonNode> documents(String text) {
    try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
      return StreamSupport.stream(Spliterators.spliteratorUnknownSize(documents, 0), false)
          .filter(JsonNode::isObject)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Objects of a kind. */
  Stream<JsonNode> ofKind(String kind) {
    return objects.stream().filter(object -> object.get("kind").asText().equals(kind));
  }

  /** One object. */
  JsonNode object(String kind, String name) {
    return ofKind(kind)
        .filter(object -> name(object).equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("the chart renders no " + kind + " " + name));
  }

  /** Name of an object. */
  static String name(JsonNode object) {
    return object.at("/metadata/name").asText();
  }

  /** Elements of a list or values of an object. */
  static Stream<JsonNode> each(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }
}
