package io.mistraloperator.operator.plan;

import static io.mistraloperator.operator.plan.Plans.GIB;
import static io.mistraloperator.operator.plan.Plans.accepted;
import static io.mistraloperator.operator.plan.Plans.auto;
import static io.mistraloperator.operator.plan.Plans.own;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.mistraloperator.api.Engine;
import io.mistraloperator.operator.catalogue.Catalogue;
import io.mistraloperator.operator.catalogue.ChartCatalogue;
import io.mistraloperator.operator.catalogue.Machine;
import io.mistraloperator.operator.catalogue.Machine.Gpus;
import io.mistraloperator.operator.catalogue.Model;
import io.mistraloperator.operator.plan.Refusal.Reason;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the chart's models become on the chart's machine types. */
class CatalogueLayoutTest {
  private static final ChartCatalogue CHART = ChartCatalogue.read();
  private static final Catalogue CATALOGUE = CHART.catalogue();

  private final Planner planner =
      new Planner(new EngineImages("llama:1", "vllm:1", "vllm-cpu:1"), WeightPolicy.OPEN);

  @ParameterizedTest(name = "{0} {1} on {2}: TP {3}, {4} thousand tokens, context {5}, {6} at once")
  @CsvSource({
    // usual layouts
    "mistralai-Mistral-7B-Instruct-v02, BF16, standard-nc24ads-a100-v4, 1, 452, 32768, 223",
    "mistralai-Mistral-7B-v01, BF16, a100-80gb-1x, 1, 452, 8192, 223",
    "mistralai-Mistral-7B-Instruct-v0-3, BF16, a100-80gb-1x, 1, 452, 32768, 223",
    "mistralai-Mixtral-8x7B-Instruct-v01, BF16, a100-80gb-2x, 2, 425, 32768, 206",
    "mistralai-Mixtral-8x7B-v01, BF16, h100-80gb-2x, 2, 425, 32768, 206",
    "mistralai-Mixtral-8x22B-Instruct-v0-1, BF16, standard-nd96amsr-a100-v4, 8, 1366, 65536, 256",
    "Mistral-Nemo, BF16, a100-80gb-1x, 1, 303, 131072, 149",
    "Pixtral-12B-2409, BF16, h100-80gb-1x, 1, 297, 131072, 145",
    "Codestral-22B-v0.1, BF16, a100-80gb-1x, 1, 131, 32768, 63",
    "Mistral-Small-2409, BF16, a100-80gb-1x, 1, 131, 32768, 63",
    "mistral-small-2503, BF16, a100-80gb-1x, 1, 162, 131072, 78",
    "Magistral-Small-2509, BF16, a100-80gb-2x, 2, 611, 131072, 256",
    "Devstral-Small-2507, BF16, a100-80gb-2x, 2, 611, 131072, 256",
    "mistral-large-2407, BF16, a100-80gb-8x, 8, 967, 131072, 256",
    "Pixtral-Large-Instruct-2411, BF16, h100-80gb-8x, 8, 967, 131072, 256",
    "Devstral-2-123B-Instruct-2512, BF16, a100-80gb-8x, 8, 967, 262144, 256",
    "Ministral-8B, BF16, a100-80gb-1x, 1, 392, 131072, 193",
    "Ministral-3-3B-Instruct-2512, FP8, a100-80gb-1x, 1, 655, 262144, 256",
    "Ministral-3-8B-Instruct-2512, FP8, a100-80gb-1x, 1, 465, 262144, 224",
    "Ministral-3-14B-Instruct-2512, FP8, standard-nc24ads-a100-v4, 1, 365, 262144, 174",
    "Mistral-Large-3, FP8, h200-141gb-8x, 8, 697, 262144, 256",
    // small ones
    "mistralai-Mistral-7B-Instruct-v02, BF16, l4-1x, 1, 29, 29440, 14",
    "mistralai-Mistral-7B-Instruct-v02, BF16, standard-nv36ads-a10-v5, 1, 29, 29440, 14",
    "mistralai-Mixtral-8x7B-Instruct-v01, FP8, h100-80gb-1x, 1, 212, 32768, 103",
    "mistralai-Mixtral-8x7B-Instruct-v01, INT4, l40s-1x, 1, 94, 32768, 44",
    "mistralai-Mixtral-8x22B-Instruct-v0-1, FP8, a100-80gb-4x, 4, 683, 65536, 256",
    "Mistral-Nemo, BF16, l40s-1x, 1, 97, 95744, 46",
    "Pixtral-12B-2409, BF16, l40s-1x, 1, 91, 89344, 43",
    "Mistral-Nemo, FP8, l4-1x, 1, 37, 37376, 18",
    "Codestral-22B-v0.1, FP8, l40s-1x, 1, 78, 32768, 38",
    "mistral-small-2503, FP8, l40s-1x, 1, 99, 97792, 47",
    "mistral-large-2407, FP8, h100-80gb-4x, 4, 483, 131072, 236",
    "Ministral-8B, BF16, l40s-1x, 1, 163, 131072, 79",
    "Ministral-8B, FP8, l4-1x, 1, 72, 69888, 34",
    "Mistral-Medium-3.5-128B, FP8, h100-80gb-4x, 4, 468, 262144, 222",
  })
  void fitsAsManyTokensAsTheArithmeticSays(
      String id, String precision, String type, int shared, int thousands, int context, int most) {
    var layout = layout(id, precision, type);
    assertThat(layout.kvTokens()).isCloseTo(thousands * 1000L, withinPercentage(3));
    assertThat(layout.tensorParallel()).isEqualTo(shared);
    var plan = accepted(planner.plan(model(id), machine(type), own(precision)));
    assertThat(plan.precision()).isEqualTo(precision);
    assertThat(plan.tensorParallel()).isEqualTo(shared);
    assertThat(plan.contextLength()).isEqualTo(context);
    assertThat(plan.concurrency()).isEqualTo(most);
  }

  @ParameterizedTest(name = "{0} on a GPU of {1} GiB")
  @CsvSource({
    "Ministral-3-3B-Instruct-2512, 23.2, 139",
    "Ministral-3-8B-Instruct-2512, 24.2, 70",
    "Ministral-3-14B-Instruct-2512, 24.6, 30",
  })
  @DisplayName(
      "Cards of nominally 24 GB hold files that are larger than their parameters at 8 bits")
  void smallGpus(String id, double gib, int thousands) {
    var machine = gpus(1, gib);
    var layout = new MemoryLayout(model(id), machine, Optional.empty());
    assertThat(layout.of(Engine.VLLM, "FP8", model(id).weights().get("FP8")))
        .isInstanceOfSatisfying(
            Layout.class,
            fits -> assertThat(fits.kvTokens()).isCloseTo(thousands * 1000L, withinPercentage(6)));
  }

  @ParameterizedTest(name = "{0} {1} on {2}: {3} thousand tokens")
  @CsvSource({
    // 112.6 GiB of files; what their parameters alone would take leaves room for 642 thousand.
    "Mistral-Small-4-119B-2603, FP8, a100-80gb-2x, 604",
    "Mistral-Small-4-119B-2603, FP8, h200-141gb-2x, 3204",
    "Mistral-Small-4-119B-2603, NVFP4, b200-180gb-1x, 4410",
    "Mistral-Large-3, NVFP4, b200-180gb-4x, 1010",
  })
  @DisplayName("With latent attention more GPUs hold no more tokens than their own share of memory")
  void latentAttention(String id, String precision, String type, int thousands) {
    assertThat(layout(id, precision, type).kvTokens())
        .isCloseTo(thousands * 1000L, withinPercentage(1));
  }

  @ParameterizedTest(name = "{0} on {1}: {2}")
  @MethodSource("named")
  void everyMachineTypeThatTheCatalogueNamesFits(String id, String type, String why) {
    PlanResult result = planner.plan(model(id), machine(type), auto());
    assertThat(result).as(why).isInstanceOf(EnginePlan.class);
  }

  static Stream<Arguments> named() {
    return CHART.models().stream()
        .flatMap(
            entry -> {
              var spec = entry.getSpec();
              var pool = Optional.ofNullable(spec.deployment().serverless());
              return Stream.of(
                      spec.recommendedInstanceTypes().stream()
                          .map(type -> Map.entry(type, "recommended")),
                      spec.minimumInstanceTypes().stream().map(type -> Map.entry(type, "minimum")),
                      pool.stream().map(offer -> Map.entry(offer.instanceType(), "serverless")))
                  .flatMap(types -> types)
                  .map(type -> Arguments.of(spec.id(), type.getKey(), type.getValue()));
            });
  }

  @Test
  void nothingSmallerThanTheMinimumFits() {
    for (var entry : CHART.models()) {
      var spec = entry.getSpec();
      for (String least : spec.minimumInstanceTypes()) {
        var smallest = machine(least);
        assertThat(
                CHART.types().stream()
                    .map(type -> machine(type.getMetadata().getName()))
                    .filter(type -> !type.name().startsWith("standard-"))
                    .filter(type -> type.gpus().isPresent() == smallest.gpus().isPresent())
                    .filter(type -> memory(type) < memory(smallest))
                    .filter(
                        type -> planner.plan(model(spec.id()), type, auto()) instanceof EnginePlan)
                    .map(Machine::name))
            .as("smaller than %s for %s", least, spec.id())
            .isEmpty();
      }
    }
  }

  @Test
  @DisplayName("A model that needs several nodes is refused: not supported yet")
  void severalNodes() {
    assertThat(planner.plan(model("Mistral-Large-3"), machine("standard-nc80adis-h100-v5"), auto()))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.reason()).isEqualTo(Reason.DoesNotFit);
              assertThat(refusal.message())
                  .contains("FP8 weights 634.7 GiB", "2 x H100-NVL-94GB")
                  .endsWith("one model on several nodes is not supported yet");
            });
  }

  @ParameterizedTest(name = "{0} {1} may take {2} s")
  @CsvSource({
    "mistralai-Mistral-7B-Instruct-v02, BF16, 368",
    "Mistral-Nemo, BF16, 413",
    "mistralai-Mixtral-8x7B-Instruct-v01, BF16, 735",
    "mistral-large-2407, BF16, 1442",
    "mistralai-Mixtral-8x22B-Instruct-v0-1, BF16, 1609",
    "Mistral-Small-4-119B-2603, FP8, 863",
    "Mistral-Large-3, FP8, 3473",
  })
  void startsWithinWhatItsSizeNeeds(String id, String precision, int seconds) {
    var type = id.equals("Mistral-Large-3") ? "h200-141gb-8x" : "a100-80gb-8x";
    assertThat(accepted(planner.plan(model(id), machine(type), own(precision))).startupSeconds())
        .isEqualTo(seconds);
  }

  @ParameterizedTest(name = "{0} on {1}: {2} tokens, {3} at once")
  @CsvSource({
    "mistralai-Mistral-7B-Instruct-v02, cpu-2, 5120, 4",
    "mistralai-Mistral-7B-Instruct-v02, cpu-8, 32768, 4",
    "mistralai-Mistral-7B-Instruct-v01, cpu-8, 8192, 4",
    "Mistral-Nemo, cpu-4, 11264, 4",
    "Mistral-Nemo, cpu-16, 32768, 4",
    "Mistral-Small-3.2-24B-Instruct-2506, cpu-8, 24320, 4",
    "Mistral-Small, cpu-32, 32768, 4",
    "Ministral-3B, cpu-8, 32768, 4",
    "Codestral-22B-v0.1, cpu-4, 6912, 1",
  })
  void onCpus(String id, String type, int context, int concurrency) {
    var plan = accepted(planner.plan(model(id), machine(type), auto()));
    assertThat(plan.engine()).isEqualTo(Engine.LlamaCpp);
    assertThat(plan.precision()).isEqualTo("Q4_K_M");
    assertThat(plan.contextLength()).isEqualTo(context);
    assertThat(plan.concurrency()).isEqualTo(concurrency);
  }

  private static Layout layout(String id, String precision, String type) {
    var model = model(id);
    var result =
        new MemoryLayout(model, machine(type), Optional.empty())
            .of(Engine.VLLM, precision, model.weights().get(precision));
    assertThat(result).isInstanceOf(Layout.class);
    return (Layout) result;
  }

  private static Model model(String id) {
    return CATALOGUE.model(id).orElseThrow();
  }

  private static Machine machine(String type) {
    return CATALOGUE.machine(type).orElseThrow();
  }

  private static Machine gpus(int count, double gib) {
    return Plans.machine(
        "gpu", 8, 64, new Gpus(count, "nvidia.com/gpu", (long) (gib * GIB), "L4-24GB"));
  }

  private static long memory(Machine machine) {
    return machine
        .gpus()
        .map(gpus -> gpus.count() * gpus.memoryBytes())
        .orElseGet(machine::memoryBytes);
  }
}
