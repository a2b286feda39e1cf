package io.mistraloperator.operator.plan;

import static io.mistraloperator.operator.plan.Plans.accepted;
import static io.mistraloperator.operator.plan.Plans.auto;
import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.api.MistralDeploymentSpec.EngineChoice;
import io.mistraloperator.operator.catalogue.Catalogue;
import io.mistraloperator.operator.catalogue.ChartCatalogue;
import io.mistraloperator.operator.catalogue.Machine;
import io.mistraloperator.operator.catalogue.Model;
import io.mistraloperator.operator.plan.Refusal.Reason;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Number formats in which GPUs of each generation compute the chart's models. */
class CataloguePrecisionTest {
  private static final Catalogue CATALOGUE = ChartCatalogue.read().catalogue();

  private final Planner planner =
      new Planner(new EngineImages("llama:1", "vllm:1", "vllm-cpu:1"), WeightPolicy.OPEN);

  @ParameterizedTest(name = "{0} on {1}: {2}")
  @CsvSource({
    "mistralai-Mistral-7B-Instruct-v0-3, standard-nc12s-v3, 2, float16",
    "mistralai-Mistral-7B-Instruct-v0-3, standard-nc24s-v3, 4, float16",
    "mistralai-Mistral-7B-Instruct-v0-3, standard-nd40rs-v2, 8, float16",
    "mistralai-Mixtral-8x7B-Instruct-v01, standard-nc96ads-a100-v4, 4, bfloat16",
    "mistralai-Mixtral-8x7B-Instruct-v01, standard-nd96asr-v4, 8, bfloat16",
    "Mistral-Nemo, standard-nc80adis-h100-v5, 2, bfloat16",
    "Ministral-3-3B-Instruct-2512, standard-nc24s-v3, 4, float16",
  })
  @DisplayName("V100 computes in float16, since it has no bfloat16")
  void azuresSizes(String id, String type, int shared, String dtype) {
    var plan = accepted(planner.plan(model(id), machine(type), auto()));
    assertThat(plan.precision()).isEqualTo("BF16");
    assertThat(plan.tensorParallel()).isEqualTo(shared);
    assertThat(plan.args()).containsSubsequence("--dtype", dtype);
  }

  @ParameterizedTest(name = "{0} on {1}: {2}")
  @CsvSource({
    "Mistral-Large-3, standard-nd40rs-v2, 'NVFP4, FP8'",
    "Mistral-Medium-3.5-128B, standard-nc24s-v3, FP8",
  })
  @DisplayName("V100 cannot compute with 8-bit floats, A100 widens them")
  void smallFloats(String id, String type, String precision) {
    assertThat(planner.plan(model(id), machine(type), auto()))
        .isEqualTo(
            new Refusal(
                Reason.PrecisionNotOffered,
                "instance type %s has GPUs of type %s, which cannot compute with %s weights: choose another precision or instance type"
                    .formatted(type, machine(type).gpus().orElseThrow().model(), precision)));
    var widened =
        accepted(
            planner.plan(
                model("Mistral-Medium-3.5-128B"), machine("standard-nc96ads-a100-v4"), auto()));
    assertThat(widened.precision()).isEqualTo("FP8");
    assertThat(widened.args()).doesNotContain("--dtype", "--quantization");
  }

  @ParameterizedTest(name = "{0} on {1}: {2}")
  @CsvSource({
    "Mistral-Large-3, b200-180gb-4x, NVFP4",
    "Mistral-Large-3, h200-141gb-8x, FP8",
    "Mistral-Large-3, h100-80gb-8x, NVFP4",
    "Mistral-Large-3, standard-nd96amsr-a100-v4, NVFP4",
    "Mistral-Small-4-119B-2603, b200-180gb-1x, NVFP4",
    "Mistral-Small-4-119B-2603, h200-141gb-2x, FP8",
    "Mistral-Small-4-119B-2603, h100-80gb-1x, NVFP4",
  })
  @DisplayName("4-bit floats run where GPUs compute with them, else where nothing larger fits")
  void fourBitFloats(String id, String type, String precision) {
    assertThat(accepted(planner.plan(model(id), machine(type), auto())).precision())
        .isEqualTo(precision);
  }

  @Test
  void cpusDoNotComputeWithEightBitFloats() {
    var onCpu =
        new PlanRequest(
            EngineChoice.VLLM,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "own-cache",
            Optional.of("FP8"),
            List.of());
    assertThat(planner.plan(model("Ministral-3-3B-Instruct-2512"), machine("cpu-8"), onCpu))
        .isEqualTo(
            new Refusal(
                Reason.PrecisionNotOffered,
                "instance type cpu-8 has CPUs only, which cannot compute with FP8 weights: choose another precision or instance type"));
  }

  private static Model model(String id) {
    return CATALOGUE.model(id).orElseThrow();
  }

  private static Machine machine(String type) {
    return CATALOGUE.machine(type).orElseThrow();
  }
}
