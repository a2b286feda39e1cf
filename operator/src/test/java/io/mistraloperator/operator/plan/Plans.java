package io.mistraloperator.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import io.mistraloperator.api.Engine;
import io.mistraloperator.api.MistralDeploymentSpec.EngineChoice;
import io.mistraloperator.api.MistralModelSpec.Capabilities;
import io.mistraloperator.api.MistralModelSpec.Task;
import io.mistraloperator.api.MistralModelSpec.Tokenizer;
import io.mistraloperator.api.ModelSource;
import io.mistraloperator.operator.catalogue.Attention;
import io.mistraloperator.operator.catalogue.Machine;
import io.mistraloperator.operator.catalogue.Machine.Gpus;
import io.mistraloperator.operator.catalogue.Model;
import io.mistraloperator.operator.catalogue.Model.Source;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Models, machines and wishes of the tests of plans. */
final class Plans {
  static final long GIB = 1L << 30;
  static final ModelSource FOLDER =
      new ModelSource(new ModelSource.Pvc("weights", "folder"), null, null, null, null);
  static final ModelSource FILE =
      new ModelSource(null, new ModelSource.Url("https://models/m.gguf", null), null, null, null);

  private Plans() {}

  static EnginePlan accepted(PlanResult result) {
    assertThat(result).isInstanceOf(EnginePlan.class);
    return (EnginePlan) result;
  }

  static PlanRequest auto() {
    return asking(EngineChoice.Auto, null);
  }

  static PlanRequest asking(EngineChoice engine, Integer context) {
    return new PlanRequest(
        engine,
        Optional.empty(),
        Optional.ofNullable(context),
        Optional.empty(),
        "own-cache",
        Optional.empty(),
        List.of());
  }

  static Machine gpus(int count, int memory) {
    return machine("gpu", 24, 200, new Gpus(count, "nvidia.com/gpu", memory * GIB, "A100"));
  }

  static Machine cpu(int cores, int memory) {
    return machine("cpu", cores, memory, null);
  }

  static Machine machine(String name, int cores, int memory, Gpus gpus) {
    return new Machine(
        name,
        "family",
        cores,
        new Quantity(Integer.toString(cores)),
        new Quantity(memory + "Gi"),
        Optional.ofNullable(gpus),
        Map.of(),
        List.of(),
        Optional.empty(),
        BigDecimal.ZERO);
  }

  static Model model(double gib, int heads, Engine engine, ModelSource from) {
    return model(
        Map.of("BF16", (long) (gib * GIB)), heads, List.of(new Source(engine, "BF16", from)));
  }

  static Model model(Map<String, Long> weights, int heads, List<Source> sources) {
    return new Model(
        "Some-Model",
        List.of(),
        "MistralAI",
        Task.ChatCompletions,
        32768,
        Tokenizer.V3,
        new Capabilities(true, true, false, true, false),
        weights,
        new Attention(heads, 131072, new Attention.ByHeads(8)),
        sources,
        Optional.empty(),
        true,
        false,
        Optional.empty());
  }

  static Model with(Model model, Task task, Tokenizer tokenizer) {
    return new Model(
        model.id(),
        model.aliases(),
        model.provider(),
        task,
        model.contextLength(),
        tokenizer,
        model.capabilities(),
        model.weights(),
        model.attention(),
        model.sources(),
        model.substitute(),
        model.managed(),
        model.sharedQuota(),
        model.serverless());
  }

  /** A machine with one GPU of this type, of 80 GiB. */
  static Machine gpu(String type) {
    return machine("gpu", 24, 200, new Gpus(1, "nvidia.com/gpu", 80 * GIB, type));
  }

  static PlanRequest asking(String precision, String... engineArgs) {
    return new PlanRequest(
        EngineChoice.Auto,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "own-cache",
        Optional.ofNullable(precision),
        List.of(engineArgs));
  }

  /** Weights of one's own in a folder. */
  static PlanRequest own(String precision) {
    return new PlanRequest(
        EngineChoice.VLLM,
        Optional.of(FOLDER),
        Optional.empty(),
        Optional.empty(),
        "own-cache",
        Optional.of(precision),
        List.of());
  }
}
