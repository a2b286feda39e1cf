package io.mistraloperator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import io.mistraloperator.api.testing.Kinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** The real API server keeps every bound of the schemas and says which field broke it. */
@ExtendWith(ApiServerExtension.class)
class SchemaBoundsTest {
  private static final Path SAMPLES = Path.of("src/test/resources/samples");

  private final Requests requests;

  SchemaBoundsTest(ApiServer server) {
    requests = new Requests(server);
  }

  @TestFactory
  @DisplayName("T-A1 samples with every field are accepted")
  Stream<DynamicTest> samplesAreAccepted() throws IOException {
    return samples().stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file.getFileName().toString(),
                    () -> assertThat(requests.tryCreate(Tree.read(file))).isEmpty()));
  }

  @TestFactory
  @DisplayName("T-A1 bounds are kept, with a message that names the field")
  Stream<DynamicContainer> boundsAreKept() throws IOException {
    return samples().stream()
        .map(
            file ->
                DynamicContainer.dynamicContainer(
                    file.getFileName().toString(),
                    bounds(Tree.read(file)).bounds().stream()
                        .map(
                            bound ->
                                DynamicTest.dynamicTest(bound.toString(), () -> check(bound)))));
  }

  @Test
  @DisplayName("T-A1 the samples together have every field of every schema")
  void samplesHaveEveryField() throws IOException {
    for (var kind : Kinds.ALL) {
      var known = new TreeSet<String>();
      var visited = new TreeSet<String>();
      for (Path file : samples()) {
        var sample = Tree.read(file);
        if (sample.get("kind").asText().equals(HasMetadata.getKind(kind))) {
          var bounds = bounds(sample);
          known.addAll(bounds.known());
          visited.addAll(bounds.visited());
        }
      }
      assertThat(known).as(HasMetadata.getKind(kind)).isNotEmpty();
      known.removeAll(visited);
      assertThat(known).as("fields of %s in no sample", HasMetadata.getKind(kind)).isEmpty();
    }
  }

  private void check(SchemaBounds.Bound bound) {
    for (ObjectNode kept : bound.kept()) {
      assertThat(requests.tryCreate(kept)).as("just kept").isEmpty();
    }
    assertThat(requests.tryCreate(bound.broken()))
        .as("just broken")
        .hasValueSatisfying(
            message -> assertThat(message).contains(Tree.path(bound.place()), bound.says()));
  }

  private static SchemaBounds bounds(ObjectNode sample) {
    return new SchemaBounds(sample, schema(sample.get("kind").asText()));
  }

  private static JSONSchemaProps schema(String kind) {
    return Definitions.all().stream()
        .filter(definition -> definition.getSpec().getNames().getKind().equals(kind))
        .map(Definitions::schema)
        .findFirst()
        .orElseThrow();
  }

  private static List<Path> samples() throws IOException {
    try (var files = Files.list(SAMPLES)) {
      return files.sorted().toList();
    }
  }
}
