package io.mistraloperator.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made from the Java types equals them; {@code make crds} writes it anew. */
class CheckedInDefinitionsTest {
  private static final String CHART = "../helm/mistral-operator/crds";
  private static final Path REFERENCE = Path.of("../docs/crds.md");

  @ParameterizedTest
  @ValueSource(strings = {"src/main/resources/META-INF/crds", CHART})
  @DisplayName("T-A6 checked-in definitions equal the Java types, byte by byte")
  void checkedInFilesEqualTheJavaTypes(Path folder) throws IOException {
    var generated = DefinitionGenerator.files();
    if (Boolean.getBoolean("crds.write")) {
      Files.createDirectories(folder);
      for (var file : generated.entrySet()) {
        Files.writeString(folder.resolve(file.getKey()), file.getValue());
      }
    }
    assertThat(Definitions.texts(folder))
        .as("run 'make crds' after a change of the API")
        .isEqualTo(generated);
  }

  @Test
  void referenceEqualsTheDefinitions() throws IOException {
    var generated = ReferenceGenerator.markdown(Definitions.all());
    if (Boolean.getBoolean("crds.write")) {
      Files.createDirectories(REFERENCE.getParent());
      Files.writeString(REFERENCE, generated);
    }
    assertThat(Files.readString(REFERENCE))
        .as("run 'make crds' after a change of the API")
        .isEqualTo(generated);
  }
}
