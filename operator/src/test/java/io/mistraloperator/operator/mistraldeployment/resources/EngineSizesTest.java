package io.mistraloperator.operator.mistraldeployment.resources;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Volume;
import io.mistraloperator.api.MistralDeploymentSpec.EngineChoice;
import io.mistraloperator.operator.catalogue.Catalogue;
import io.mistraloperator.operator.catalogue.ChartCatalogue;
import io.mistraloperator.operator.plan.EngineImages;
import io.mistraloperator.operator.plan.EnginePlan;
import io.mistraloperator.operator.plan.PlanRequest;
import io.mistraloperator.operator.plan.Planner;
import io.mistraloperator.operator.plan.WeightPolicy;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a pod grows with the model. */
class EngineSizesTest {
  private static final Catalogue CATALOGUE = ChartCatalogue.read().catalogue();

  private final Planner planner =
      new Planner(new EngineImages("llama:1", "vllm:1", "vllm-cpu:1"), WeightPolicy.OPEN);

  @ParameterizedTest(name = "{0} on {1}: {2} of shared memory, {3} tries of the start-up probe")
  @CsvSource({
    "mistralai-Mistral-7B-Instruct-v02, a100-80gb-1x, 1Gi, 123",
    "Ministral-3-3B-Instruct-2512, l4-1x, 1Gi, 108",
    "mistralai-Mixtral-8x7B-Instruct-v01, a100-80gb-2x, 4Gi, 245",
    "Mistral-Small-4-119B-2603, h200-141gb-2x, 4Gi, 288",
    "Mistral-Medium-3.5-128B, h100-80gb-4x, 8Gi, 308",
    "mistralai-Mixtral-8x22B-Instruct-v0-1, a100-80gb-8x, 16Gi, 537",
    "Mistral-Large-3, h200-141gb-8x, 16Gi, 1158",
  })
  void growWithTheModel(String id, String type, String sharedMemory, int tries) {
    var machine = CATALOGUE.machine(type).orElseThrow();
    var plan =
        (EnginePlan)
            planner.plan(
                CATALOGUE.model(id).orElseThrow(),
                machine,
                new PlanRequest(
                    EngineChoice.Auto,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    "own-cache",
                    Optional.empty(),
                    List.of()));
    Volume shared =
        ScratchVolumes.of(plan, machine).stream()
            .filter(volume -> volume.getName().equals("shm"))
            .findFirst()
            .orElseThrow();
    assertThat(shared.getEmptyDir().getMedium()).isEqualTo("Memory");
    assertThat(shared.getEmptyDir().getSizeLimit()).hasToString(sharedMemory);
    var probe = EngineProbe.startup(plan);
    assertThat(probe.getFailureThreshold()).isEqualTo(tries);
    assertThat(probe.getFailureThreshold() * probe.getPeriodSeconds())
        .isGreaterThanOrEqualTo(plan.startupSeconds());
  }
}
