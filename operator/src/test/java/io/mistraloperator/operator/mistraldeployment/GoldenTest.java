package io.mistraloperator.operator.mistraldeployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mistraloperator.api.InstanceType;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralModel;
import io.mistraloperator.operator.catalogue.Catalogue;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.mistraldeployment.resources.EnginePods;
import io.mistraloperator.operator.mistraldeployment.resources.PodSettings;
import io.mistraloperator.operator.plan.EngineImages;
import io.mistraloperator.operator.plan.Planner;
import io.mistraloperator.operator.plan.WeightPolicy;
import io.mistraloperator.operator.rollout.RolloutPlan;
import io.mistraloperator.operator.scaling.Scaling;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The objects that a deployment becomes: {@code golden/<case>/in-*.yaml} and {@code out-*.yaml}.
 * With {@code -Dgolden.write=true} the outputs are written anew, for a person to read.
 */
class GoldenTest {
  private static final Path CASES = Path.of("src/test/resources/golden");

  @ParameterizedTest
  @MethodSource("cases")
  void becomes(String name) throws IOException {
    var folder = CASES.resolve(name);
    Map<String, String> made = make(folder);
    if (Boolean.getBoolean("golden.write")) {
      for (var file : made.entrySet()) {
        Files.writeString(folder.resolve(file.getKey()), file.getValue());
      }
    }
    assertThat(made).isEqualTo(files(folder, "out-"));
  }

  static Stream<String> cases() throws IOException {
    try (var folders = Files.list(CASES)) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList().stream();
    }
  }

  private static Map<String, String> make(Path folder) throws IOException {
    var deployment = read(folder.resolve("in-deployment.yaml"), MistralDeployment.class);
    var catalogue =
        Catalogue.of(
            List.of(read(folder.resolve("in-model.yaml"), MistralModel.class)),
            List.of(read(folder.resolve("in-machine.yaml"), InstanceType.class)));
    var planning =
        new Planning(
            new Planner(
                new EngineImages(
                    "mistraloperator/llamacpp:test",
                    "mistraloperator/vllm:test",
                    "mistraloperator/vllm-cpu:test"),
                WeightPolicy.OPEN),
            new EnginePods(
                new PodSettings(
                    "mistraloperator/model-fetcher:test",
                    "IfNotPresent",
                    List.of("registry"),
                    60,
                    8)),
            (namespace, claim) ->
                claim.equals("anywhere") ? Optional.of(List.of("ReadWriteMany")) : Optional.empty(),
            "mistral-system");
    return switch (planning.decide(deployment, nothing(catalogue))) {
      case Decision.Refused refused -> throw new AssertionError(refused.refusal().message());
      case Decision.Run run ->
          write(
              DesiredState.of(
                  deployment,
                  new Sizing(
                      run.running(),
                      Objects.requireNonNullElse(deployment.getSpec().instances(), 1)),
                  new RolloutPlan.Surge(1, 0, "as many as there are and one more"),
                  false,
                  config()));
    };
  }

  private static Map<String, String> write(DesiredState desired) {
    Map<String, String> files = new TreeMap<>();
    List<HasMetadata> objects = new ArrayList<>();
    objects.add(desired.deployment());
    objects.add(desired.engineService());
    objects.add(desired.networkPolicy());
    desired.disruptionBudget().ifPresent(objects::add);
    desired.weightsClaim().ifPresent(objects::add);
    desired.endpointService().ifPresent(objects::add);
    for (HasMetadata object : objects) {
      boolean endpoint =
          object.getKind().equals("Service") && !object.getMetadata().getName().endsWith("-engine");
      // Repeats the template; what it is good for is tested with RunningPlan.
      Optional.ofNullable(object.getMetadata().getAnnotations())
          .ifPresent(annotations -> annotations.remove(RunningPlan.TEMPLATE));
      files.put(
          "out-" + (endpoint ? "endpoint" : object.getKind().toLowerCase(Locale.ROOT)) + ".yaml",
          Serialization.asYaml(object));
    }
    return files;
  }

  private static Observation nothing(Catalogue catalogue) {
    return new Observation(
        catalogue,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        0,
        Scaling.fixed(1),
        List.of());
  }

  private static OperatorConfig config() {
    return new SmallRyeConfigBuilder()
        .withMapping(OperatorConfig.class)
        .withDefaultValue("mistral.namespace", "mistral-system")
        .build()
        .getConfigMapping(OperatorConfig.class);
  }

  private static <T> T read(Path file, Class<T> type) throws IOException {
    return Serialization.unmarshal(Files.readString(file), type);
  }

  private static Map<String, String> files(Path folder, String prefix) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (var paths = Files.list(folder)) {
      paths
          .filter(path -> path.getFileName().toString().startsWith(prefix))
          .forEach(path -> files.put(path.getFileName().toString(), text(path)));
    }
    return files;
  }

  private static String text(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
