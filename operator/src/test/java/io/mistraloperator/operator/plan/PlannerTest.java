package io.mistraloperator.operator.plan;

import static io.mistraloperator.operator.plan.Plans.FILE;
import static io.mistraloperator.operator.plan.Plans.FOLDER;
import static io.mistraloperator.operator.plan.Plans.GIB;
import static io.mistraloperator.operator.plan.Plans.accepted;
import static io.mistraloperator.operator.plan.Plans.asking;
import static io.mistraloperator.operator.plan.Plans.auto;
import static io.mistraloperator.operator.plan.Plans.cpu;
import static io.mistraloperator.operator.plan.Plans.gpu;
import static io.mistraloperator.operator.plan.Plans.gpus;
import static io.mistraloperator.operator.plan.Plans.model;
import static io.mistraloperator.operator.plan.Plans.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.api.Engine;
import io.mistraloperator.api.MistralDeploymentSpec.EngineChoice;
import io.mistraloperator.api.MistralModelSpec.Task;
import io.mistraloperator.api.MistralModelSpec.Tokenizer;
import io.mistraloperator.operator.catalogue.Model.Source;
import io.mistraloperator.operator.plan.Refusal.Reason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What runs for a model on a machine. */
class PlannerTest {
  private final Planner planner =
      new Planner(new EngineImages("llama:1", "vllm:1", "vllm-cpu:1"), WeightPolicy.OPEN);

  @ParameterizedTest(name = "{0} GiB on {1} x {2} GiB, {3} heads: TP {4}, context {5}, {6} at once")
  @CsvSource({
    // 7B and Mixtral 8x7B in bf16 on A100, and 7B on an L4; KV cache of 128 KiB per token
    "13.5, 1, 80, 32, 1, 32768, 226",
    "13.5, 4, 80, 32, 4, 32768, 256",
    "13.5, 3, 80, 32, 2, 32768, 256",
    "13.5, 6, 80, 48, 4, 32768, 256",
    "13.5, 1, 24, 32, 1, 32768, 20",
    "87.0, 2, 80, 32, 2, 32768, 212",
  })
  void sharesTheModelAmongGpus(
      double weights, int count, int memory, int heads, int shared, int context, int concurrency) {
    var plan =
        accepted(
            planner.plan(model(weights, heads, Engine.VLLM, FOLDER), gpus(count, memory), auto()));
    assertThat(plan.engine()).isEqualTo(Engine.VLLM);
    assertThat(plan.image()).isEqualTo("vllm:1");
    assertThat(plan.tensorParallel()).isEqualTo(shared);
    assertThat(plan.contextLength()).isEqualTo(context);
    assertThat(plan.concurrency()).isEqualTo(concurrency);
    assertThat(plan.args())
        .containsSubsequence("--tensor-parallel-size", Integer.toString(shared))
        .containsSubsequence("--max-model-len", Integer.toString(context));
  }

  @Test
  void givesAsMuchContextAsFitsWhenTheModelHasMore() {
    var plan = accepted(planner.plan(model(13.5, 32, Engine.VLLM, FOLDER), gpus(1, 20), auto()));
    // 0.92 x 20 - 3.5 - 13.5 GiB = 1.4 GiB = 11468 tokens of 128 KiB, in steps of 256.
    assertThat(plan.contextLength()).isEqualTo(11264);
    assertThat(plan.memory())
        .isEqualTo(
            "BF16 weights 13.5 GiB + KV cache 1.4 GiB (11468 tokens of 128 KiB)"
                + " + overhead 3.5 GiB = 18.4 GiB of 18.4 GiB (92% of 1 x A100 20.0 GiB)");
  }

  @Test
  @DisplayName("A model that cannot fit is refused with the arithmetic")
  void refusesWhatDoesNotFit() {
    assertThat(planner.plan(model(87.0, 32, Engine.VLLM, FOLDER), gpus(1, 80), auto()))
        .isEqualTo(
            new Refusal(
                Reason.DoesNotFit,
                "Some-Model does not fit instance type gpu: BF16 weights 87.0 GiB + KV cache"
                    + " 512 MiB (4096 tokens of 128 KiB) + overhead 3.5 GiB = 91.0 GiB,"
                    + " there are 73.6 GiB (92% of 1 x A100 80.0 GiB). Choose an instance type with more"
                    + " GPU memory; one model on several nodes is not supported yet"));
  }

  @Test
  void refusesAContextThatDoesNotFitThoughLessWould() {
    var model = model(13.5, 32, Engine.VLLM, FOLDER);
    assertThat(planner.plan(model, gpus(1, 20), asking(EngineChoice.Auto, 16384)))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.reason()).isEqualTo(Reason.DoesNotFit);
              assertThat(refusal.message()).contains("KV cache 2.0 GiB (16384 tokens");
            });
    assertThat(accepted(planner.plan(model, gpus(1, 20), asking(EngineChoice.Auto, 8192))))
        .extracting(EnginePlan::contextLength)
        .isEqualTo(8192);
    assertThat(planner.plan(model, gpus(1, 80), asking(EngineChoice.Auto, 65536)))
        .isEqualTo(
            new Refusal(
                Reason.ContextTooLong,
                "spec.contextLength is 65536, and Some-Model has at most 32768: ask for no more, or leave it out"));
  }

  @Test
  void takesTheFirstSourceThatFits() {
    Map<String, Long> weights = new LinkedHashMap<>();
    weights.put("BF16", 87 * GIB);
    weights.put("FP8", 43 * GIB);
    var model =
        model(
            weights,
            32,
            List.of(
                new Source(Engine.VLLM, "BF16", FOLDER), new Source(Engine.VLLM, "FP8", FOLDER)));
    assertThat(accepted(planner.plan(model, gpus(1, 80), auto())).precision()).isEqualTo("FP8");
    assertThat(accepted(planner.plan(model, gpus(2, 80), auto())).precision()).isEqualTo("BF16");
  }

  @ParameterizedTest(name = "{0} cores and {1} GiB: {3} requests of {2} tokens")
  @CsvSource({"8, 32, 32768, 4", "1, 8, 4096, 4", "4, 6, 4096, 1"})
  void dividesTheMemoryOfACpuMachine(int cores, int memory, int context, int concurrency) {
    var plan =
        accepted(planner.plan(model(4.1, 32, Engine.LlamaCpp, FILE), cpu(cores, memory), auto()));
    assertThat(plan.engine()).isEqualTo(Engine.LlamaCpp);
    assertThat(plan.concurrency()).isEqualTo(concurrency);
    assertThat(plan.contextLength()).isGreaterThanOrEqualTo(context);
    assertThat(plan.args())
        .containsSubsequence("--model", "/models/model.gguf")
        .containsSubsequence(
            "--ctx-size", Integer.toString(plan.contextLength() * plan.concurrency()))
        .containsSubsequence("--parallel", Integer.toString(concurrency))
        .containsSubsequence("--threads", Integer.toString(cores));
  }

  @ParameterizedTest(name = "{0} GiB of weights may take {1} s")
  @CsvSource({"0.01, 300", "13.5, 368", "262, 1610", "1257, 6585", "4000, 7200"})
  void allowsAStartAsLongAsTheWeightsNeed(double weights, int seconds) {
    assertThat(
            accepted(planner.plan(model(weights, 8, Engine.VLLM, FOLDER), gpus(8, 2000), auto()))
                .startupSeconds())
        .isEqualTo(seconds);
  }

  @Test
  void choosesTheEngineByTheMachineUnlessAsked() {
    var both =
        model(
            Map.of("BF16", GIB),
            32,
            List.of(
                new Source(Engine.VLLM, "BF16", FOLDER),
                new Source(Engine.LlamaCpp, "BF16", FILE)));
    assertThat(accepted(planner.plan(both, gpus(1, 80), auto())).engine()).isEqualTo(Engine.VLLM);
    assertThat(accepted(planner.plan(both, cpu(4, 32), auto())).engine())
        .isEqualTo(Engine.LlamaCpp);
    var onCpu = accepted(planner.plan(both, cpu(4, 32), asking(EngineChoice.VLLM, null)));
    assertThat(onCpu.engine()).isEqualTo(Engine.VLLM);
    assertThat(onCpu.image()).isEqualTo("vllm-cpu:1");
    assertThat(onCpu.args()).contains("--enforce-eager", "--kv-cache-memory-bytes");
    assertThat(onCpu.environment())
        .containsEntry("OMP_NUM_THREADS", "3")
        .containsEntry("VLLM_CPU_OMP_THREADS_BIND", "nobind")
        .doesNotContainKey("ENGINE_GPUS");
    assertThat(planner.plan(both, gpus(1, 80), asking(EngineChoice.LlamaCpp, null)))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(Reason.EngineNotSupported));
  }

  @ParameterizedTest(name = "{0} GPUs in the machine: {1}")
  @CsvSource({"1, 1", "3, 2", "4, 4"})
  @DisplayName("T-S10 the engine is told how many GPUs it must find")
  void tellsTheEngineItsGpus(int count, String told) {
    var model = model(13.5, 32, Engine.VLLM, FOLDER);
    var plan = accepted(planner.plan(model, gpus(count, 80), auto()));
    assertThat(plan.environment()).containsEntry("ENGINE_GPUS", told);
    assertThat(plan.tensorParallel()).hasToString(told);
  }

  @Test
  void saysWhichWeightsThereAre() {
    var ggufOnly = model(4.1, 32, Engine.LlamaCpp, FILE);
    assertThat(planner.plan(ggufOnly, gpus(1, 80), auto()))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.reason()).isEqualTo(Reason.NoSource);
              assertThat(refusal.message()).contains("for LlamaCpp, not for VLLM", "spec.source");
            });
    var own =
        new PlanRequest(
            EngineChoice.Auto,
            Optional.of(FOLDER),
            Optional.empty(),
            Optional.empty(),
            "own-cache",
            Optional.empty(),
            List.of());
    assertThat(accepted(planner.plan(ggufOnly, gpus(1, 80), own)).modelPath())
        .isEqualTo("/models/folder");
    var file =
        new PlanRequest(
            EngineChoice.Auto,
            Optional.of(FILE),
            Optional.empty(),
            Optional.empty(),
            "own-cache",
            Optional.empty(),
            List.of());
    assertThat(planner.plan(ggufOnly, gpus(1, 80), file))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(Reason.SourceNotSupported));
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "ChatCompletions, V1, true",
    "ChatCompletions, V3, false",
    "ChatCompletions, V7Tekken, false",
    "TextGeneration, V3, true",
  })
  @DisplayName("Base models and the oldest tokenizers are read in Hugging Face's format")
  void readsOldModelsInHuggingFaceFormat(Task task, Tokenizer tokenizer, boolean huggingFace) {
    var model = model(Map.of("BF16", GIB), 32, List.of(new Source(Engine.VLLM, "BF16", FOLDER)));
    var plan = accepted(planner.plan(with(model, task, tokenizer), gpus(1, 80), auto()));
    assertThat(plan.args().contains("--tokenizer-mode")).isEqualTo(huggingFace);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"A100-80GB, bfloat16", "V100-32GB, float16", "T4, float16"})
  void computesInHalfPrecisionWhereTheGpuHasNoBfloat16(String gpu, String dtype) {
    var machine = gpu(gpu);
    assertThat(accepted(planner.plan(model(13.5, 32, Engine.VLLM, FOLDER), machine, auto())).args())
        .containsSubsequence("--dtype", dtype);
  }
}
