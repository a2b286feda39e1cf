package io.mistraloperator.operator.catalogue;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mistraloperator.api.InstanceType;
import io.mistraloperator.api.MistralModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The catalogue that the chart brings, as its files have it.
 *
 * @param models entries of models, by id
 * @param types machine types, in the order of the files
 */
public record ChartCatalogue(List<MistralModel> models, List<InstanceType> types) {
  private static final Path FOLDER = Path.of("../helm/mistral-operator/catalog");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  /** Reads the files. */
  public static ChartCatalogue read() {
    return new ChartCatalogue(
        objects("models", MistralModel.class)
            .sorted(
                Comparator.comparing(model -> model.getSpec().id(), String.CASE_INSENSITIVE_ORDER))
            .toList(),
        objects("instance-types", InstanceType.class).toList());
  }

  /** What the operator makes of it. */
  public Catalogue catalogue() {
    return Catalogue.of(models, types);
  }

  /** The entry of an id. */
  public MistralModel entry(String id) {
    return models.stream()
        .filter(model -> model.getSpec().id().equals(id))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no " + id));
  }

  private static <T> Stream<T> objects(String folder, Class<T> kind) {
    try (var files = Files.list(FOLDER.resolve(folder))) {
      return files.sorted().toList().stream()
          .flatMap(ChartCatalogue::documents)
          .map(document -> Serialization.unmarshal(document, kind));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<String> documents(Path file) {
    try (MappingIterator<Object> documents =
        YAML.readerFor(Object.class).readValues(file.toFile())) {
      return documents.readAll().stream().map(Serialization::asYaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
