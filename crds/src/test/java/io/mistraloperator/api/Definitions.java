package io.mistraloperator.api;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mistraloperator.api.testing.Kinds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The definitions that are checked in. */
final class Definitions {
  /** Where the module keeps them. */
  static final Path FOLDER = Path.of("src/main/resources/META-INF/crds");

  private Definitions() {}

  /** Every definition, those that users write first. */
  static List<CustomResourceDefinition> all() {
    var texts = texts(FOLDER);
    return Kinds.ALL.stream()
        .map(kind -> texts.get(HasMetadata.getFullResourceName(kind) + ".yaml"))
        .map(text -> Serialization.unmarshal(text, CustomResourceDefinition.class))
        .toList();
  }

  /** Files of a folder by name. */
  static Map<String, String> texts(Path folder) {
    Map<String, String> files = new TreeMap<>();
    try (var paths = Files.list(folder)) {
      for (Path path : paths.toList()) {
        files.put(path.getFileName().toString(), Files.readString(path));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /** Schema of the only version. */
  static JSONSchemaProps schema(CustomResourceDefinition definition) {
    return definition.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
  }
}
