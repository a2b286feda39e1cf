package io.mistraloperator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a user of kubectl meets. */
@ExtendWith(ApiServerExtension.class)
class KubectlTest {
  private static final Path EXAMPLES = Path.of("../examples");
  private static final Path CATALOGUE = Path.of("../helm/mistral-operator/catalog");

  private final ApiServer server;
  private final String namespace;

  KubectlTest(ApiServer server) {
    this.server = server;
    this.namespace = server.newNamespace();
  }

  @TestFactory
  @DisplayName("T-A1 every example is accepted")
  Stream<DynamicTest> examplesAreAccepted() throws IOException {
    return yamlFiles(EXAMPLES)
        .map(
            file ->
                DynamicTest.dynamicTest(
                    EXAMPLES.relativize(file).toString(),
                    () ->
                        assertThat(kubectl("apply", "-f", file.toString()))
                            .contains("created (server dry run)")));
  }

  @TestFactory
  @DisplayName("T-A1 every catalogue entry is accepted")
  Stream<DynamicTest> catalogueIsAccepted() throws IOException {
    return yamlFiles(CATALOGUE)
        .map(
            file ->
                DynamicTest.dynamicTest(
                    CATALOGUE.relativize(file).toString(),
                    () ->
                        assertThat(kubectl("apply", "-f", file.toString()))
                            .contains("created (server dry run)")));
  }

  @Test
  @DisplayName("T-A2 a second apply of the same file changes nothing")
  void secondApplyChangesNothing() {
    var file = EXAMPLES.resolve("quickstart.yaml").toString();
    server.kubectl().output("apply", "-n", namespace, "-f", file);
    assertThat(server.kubectl().output("apply", "-n", namespace, "-f", file).lines())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).endsWith(" unchanged"));
  }

  @Test
  @DisplayName("T-A2 defaults stand in the object right after its creation")
  void defaultsStandInTheObject() throws IOException {
    var file = EXAMPLES.resolve("quickstart.yaml").toString();
    server.kubectl().output("apply", "-n", namespace, "-f", file);
    var spec =
        server
            .kubectl()
            .output("get", "-n", namespace, "mdep", "assistant", "-o", "jsonpath={.spec}");
    assertThat(Tree.parse(spec))
        .isEqualTo(
            Tree.parse(
                """
                model: Tiny-Mistral
                instanceType: tiny-cpu
                instances: 1
                engine: Auto
                expose: true
                keys: {primary: 1, secondary: 1}
                """));
  }

  @Test
  @DisplayName("T-A2 two managers apply fields of their own without a conflict")
  void managersShareAnObject(@org.junit.jupiter.api.io.TempDir Path folder) throws IOException {
    var one =
        Files.writeString(
            folder.resolve("one.yaml"),
            """
            apiVersion: mistraloperator.io/v1alpha1
            kind: MistralDeployment
            metadata: {name: shared}
            spec: {model: Tiny-Mistral, instanceType: tiny-cpu}
            """);
    var other =
        Files.writeString(
            folder.resolve("other.yaml"),
            """
            apiVersion: mistraloperator.io/v1alpha1
            kind: MistralDeployment
            metadata: {name: shared}
            spec: {instances: 3}
            """);
    for (var turn : List.of(List.of("one", one), List.of("other", other), List.of("one", one))) {
      server
          .kubectl()
          .output(
              "apply",
              "-n",
              namespace,
              "--server-side",
              "--field-manager=" + turn.getFirst(),
              "-f",
              turn.getLast().toString());
    }
    assertThat(
            server
                .kubectl()
                .output(
                    "get", "-n", namespace, "mdep", "shared", "-o", "jsonpath={.spec.instances}"))
        .isEqualTo("3");
  }

  @Test
  void explainShowsTexts() {
    assertThat(server.kubectl().output("explain", "mistraldeployment.spec.keys"))
        .contains("Revision of the primary key.");
  }

  private String kubectl(String... arguments) {
    var all =
        Stream.concat(
            Stream.of(arguments),
            Stream.of("-n", namespace, "--dry-run=server", "--validate=strict"));
    return server.kubectl().output(all.toArray(String[]::new));
  }

  private static Stream<Path> yamlFiles(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
    }
  }
}
