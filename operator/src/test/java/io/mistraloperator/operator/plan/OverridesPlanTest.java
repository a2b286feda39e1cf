package io.mistraloperator.operator.plan;

import static io.mistraloperator.operator.plan.Plans.FILE;
import static io.mistraloperator.operator.plan.Plans.FOLDER;
import static io.mistraloperator.operator.plan.Plans.GIB;
import static io.mistraloperator.operator.plan.Plans.accepted;
import static io.mistraloperator.operator.plan.Plans.asking;
import static io.mistraloperator.operator.plan.Plans.gpu;
import static io.mistraloperator.operator.plan.Plans.model;
import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.api.Engine;
import io.mistraloperator.operator.catalogue.Model;
import io.mistraloperator.operator.catalogue.Model.Source;
import io.mistraloperator.operator.plan.Refusal.Reason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a project may say against the plan. */
class OverridesPlanTest {
  private static final Model BOTH =
      model(
          Map.of("BF16", 14 * GIB, "FP8", 7 * GIB, "Q4_K_M", 4 * GIB),
          32,
          List.of(
              new Source(Engine.VLLM, "FP8", FOLDER),
              new Source(Engine.VLLM, "BF16", FOLDER),
              new Source(Engine.LlamaCpp, "Q4_K_M", FILE)));

  private final Planner planner =
      new Planner(new EngineImages("llama:1", "vllm:1", "vllm-cpu:1"), WeightPolicy.OPEN);

  @ParameterizedTest(name = "{0} on {1}: {2}")
  @CsvSource({
    "BF16, A100-80GB, BF16",
    "FP8, A100-80GB, FP8",
    ", A100-80GB, FP8",
    ", V100-32GB, BF16"
  })
  void takesThePrecisionThatIsAskedFor(String asked, String gpu, String precision) {
    assertThat(accepted(planner.plan(BOTH, gpu(gpu), asking(asked))).precision())
        .isEqualTo(precision);
  }

  @Test
  void aPrecisionThatTheCatalogueLacksIsRefusedNamingThoseThatThereAre() {
    assertThat(planner.plan(BOTH, gpu("A100-80GB"), asking("Q4_K_M")))
        .isEqualTo(
            new Refusal(
                Reason.PrecisionNotOffered,
                "spec.precision is Q4_K_M, and the catalogue has weights of Some-Model for this engine in FP8, BF16: choose one of these, or set spec.source to where yours are"));
  }

  @Test
  void aPrecisionWithWhichTheMachineCannotComputeIsRefused() {
    assertThat(planner.plan(BOTH, gpu("V100-32GB"), asking("FP8")))
        .isEqualTo(
            new Refusal(
                Reason.PrecisionNotOffered,
                "instance type gpu has GPUs of type V100-32GB, which cannot compute with FP8 weights: choose another precision or instance type"));
  }

  @Test
  @DisplayName("Arguments come after those of the plan")
  void addsArguments() {
    var plain = accepted(planner.plan(BOTH, gpu("A100-80GB"), asking(null)));
    var tuned =
        accepted(
            planner.plan(
                BOTH,
                gpu("A100-80GB"),
                asking(null, "--max-num-batched-tokens=4096", "--enforce-eager")));

    assertThat(tuned.args().subList(0, plain.args().size())).isEqualTo(plain.args());
    assertThat(tuned.args().subList(plain.args().size(), tuned.args().size()))
        .containsExactly("--max-num-batched-tokens", "4096", "--enforce-eager");
  }

  @Test
  void argumentsOfThePlanAreRefused() {
    assertThat(planner.plan(BOTH, gpu("A100-80GB"), asking(null, "--max-model-len=1")))
        .isEqualTo(
            new Refusal(
                Reason.EngineArgsNotAllowed,
                "spec.engineArgs[0] --max-model-len: may not be set, take it out: set spec.contextLength"));
  }
}
