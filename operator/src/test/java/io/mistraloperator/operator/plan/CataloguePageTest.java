package io.mistraloperator.operator.plan;

import static io.mistraloperator.operator.plan.Plans.auto;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import io.mistraloperator.api.InstanceTypeSpec;
import io.mistraloperator.api.MistralModelSpec;
import io.mistraloperator.api.MistralModelSpec.Capabilities;
import io.mistraloperator.operator.catalogue.Catalogue;
import io.mistraloperator.operator.catalogue.ChartCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The page of the catalogue. */
class CataloguePageTest {
  private static final Path PAGE = Path.of("../docs/catalogue.md");
  private static final String BEGINNING =
      """
      # The catalogue

      Models and machine types that the chart brings, made from `helm/mistral-operator/catalog/` and the operator's arithmetic by `make catalogue`.
      `kubectl get mmodel` and `kubectl get itype` show what a cluster has; `catalog` in the chart's values leaves entries out, changes and adds them.

      * A model is found by its id and by its other names, whatever the case and with or without dots, dashes, underscores and slashes:
        `mistralai/Mistral-7B-v0.1` is `mistralai-Mistral-7B-v01`. A name that nothing has is refused with the nearest ids.
      * `kubectl get mmodel -l` chooses by `mistraloperator.io/label` (`Premium`, `Open`), `mistraloperator.io/task` (`ChatCompletions`, `TextGeneration`),
        `mistraloperator.io/provider` (`MistralAI`), `mistraloperator.io/lifecycle`, `mistraloperator.io/preview=true` and
        `capability.mistraloperator.io/` with `tools`, `json`, `vision`, `systemRole` or `reasoning`, each `=true`.
      * Images are read by vLLM only; on CPU machines, where llama.cpp runs, `vision` is not there.
      * A preview has no service level and is not for production. Lifecycle is what the provider says of its own service; weights stay usable.
      * Weights that are not public are stood in for by others, which card, status and this page name; licence and memory are theirs.
      * Premium models are served serverless only. Research weights may be had, but their licence forbids business use without the provider's consent.
      * Where the hub wants a token (`mistral-large-2407` and other research weights), the catalogue reads it from the entry `token` of a Secret `hugging-face-token` in the
        namespace of the instances: the project's, or the platform's for serverless endpoints.
      * Sources name repositories of Hugging Face at their main branch; give `spec.source` a commit, a mirror, a store, a claim or an image to run exactly what you have checked.
      """;
  private static final List<String> SHOWN =
      List.of(
          "cpu-8",
          "cpu-32",
          "l4-1x",
          "l40s-1x",
          "a100-80gb-1x",
          "a100-80gb-2x",
          "a100-80gb-4x",
          "a100-80gb-8x",
          "h200-141gb-8x",
          "b200-180gb-4x");

  private final ChartCatalogue chart = ChartCatalogue.read();
  private final Catalogue catalogue = chart.catalogue();
  private final Planner planner =
      new Planner(new EngineImages("llama:1", "vllm:1", "vllm-cpu:1"), WeightPolicy.OPEN);

  @Test
  @DisplayName("A1.1, A1.2, A1.11 docs/catalogue.md equals the chart's catalogue")
  void thePageEqualsTheCatalogue() throws IOException {
    if (Boolean.getBoolean("catalogue.write")) {
      Files.writeString(PAGE, page());
    }
    assertThat(Files.readString(PAGE))
        .as("run 'make catalogue' after a change of the catalogue")
        .isEqualTo(page());
  }

  private String page() {
    return BEGINNING
        + "\n## Models\n\n| id | label | licence | weights | context | can | smallest machines | other names |\n|---|---|---|---|---|---|---|---|\n"
        + chart.models().stream().map(model -> model(model.getSpec())).collect(Collectors.joining())
        + "\n## What runs where\n\nNumber format and context, in thousands of 1024 tokens, of the default plan; nothing where the model does not fit or has no such weights.\n\n| id | "
        + String.join(" | ", SHOWN)
        + " |\n|---|"
        + "---|".repeat(SHOWN.size())
        + "\n"
        + chart.models().stream()
            .map(model -> plans(model.getSpec().id()))
            .collect(Collectors.joining())
        + "\n## Machine types\n\nOn Azure a size's own spelling (`Standard_NC24ads_A100_v4`) is understood too. GPU memory is what CUDA tells an engine.\n\n"
        + "| name | family | cores | memory | GPUs |\n|---|---|---|---|---|\n"
        + chart.types().stream()
            .map(type -> machine(type.getMetadata().getName(), type.getSpec()))
            .collect(Collectors.joining());
  }

  private static String model(MistralModelSpec spec) {
    return row(
        "`" + spec.id() + "`" + (Boolean.TRUE.equals(spec.preview()) ? " (preview)" : ""),
        spec.label().name(),
        "[%s](%s)".formatted(spec.license().name(), spec.license().url()),
        Stream.of(
                spec.substitute() == null ? spec.weights().name() : "of " + spec.substitute(),
                spec.lifecycle() == null ? null : spec.lifecycle().name())
            .filter(Objects::nonNull)
            .collect(Collectors.joining(", ")),
        spec.contextLength() / 1024 + "k",
        can(spec),
        String.join(", ", spec.minimumInstanceTypes()),
        String.join(", ", Objects.requireNonNullElse(spec.aliases(), List.<String>of())));
  }

  private static String can(MistralModelSpec spec) {
    Capabilities can = spec.capabilities();
    return Stream.of(
            spec.task() == MistralModelSpec.Task.ChatCompletions ? "chat" : "text",
            can.tools() ? "tools" : null,
            can.json() ? "json" : null,
            can.vision() ? "vision" : null,
            can.reasoning() ? "reasoning" : null)
        .filter(Objects::nonNull)
        .collect(Collectors.joining(", "));
  }

  private String plans(String id) {
    return row(
        Stream.concat(Stream.of("`" + id + "`"), SHOWN.stream().map(type -> plan(id, type)))
            .toArray(String[]::new));
  }

  private String plan(String id, String type) {
    PlanResult result =
        planner.plan(
            catalogue.model(id).orElseThrow(), catalogue.machine(type).orElseThrow(), auto());
    return switch (result) {
      case EnginePlan plan -> plan.precision() + " " + plan.contextLength() / 1024 + "k";
      case Refusal refused -> "";
    };
  }

  private static String machine(String name, InstanceTypeSpec spec) {
    return row(
        "`" + name + "`",
        spec.family(),
        spec.cores().toString(),
        spec.memory().toString(),
        spec.gpu() == null
            ? ""
            : "%d x %s, %s"
                .formatted(spec.gpu().count(), spec.gpu().model(), words(spec.gpu().memory())));
  }

  private static String words(Quantity memory) {
    return Bytes.text(memory.getNumericalAmount().longValue());
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }
}
