package io.mistraloperator.operator.plan;

import io.mistraloperator.api.Engine;
import io.mistraloperator.api.ModelSource;
import io.mistraloperator.api.PlanStatus;
import io.mistraloperator.operator.catalogue.Machine;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one instance runs.
 *
 * @param engine inference server
 * @param image its image
 * @param modelId catalogue id, which is also the name that the engine serves
 * @param substitute weights that run in place of ones that are not public
 * @param source where the weights come from
 * @param precision number format of the weights
 * @param contextLength tokens of one request, prompt and answer together
 * @param concurrency requests that one instance works on at the same time
 * @param tensorParallel GPUs that share the model; 1 on CPU machines
 * @param modelPath absolute path of the weights inside the pod
 * @param args arguments of the server
 * @param environment environment of the engine container
 * @param memory the arithmetic, for people
 * @param startupSeconds time that the model may take to start
 */
public record EnginePlan(
    Engine engine,
    String image,
    String modelId,
    Optional<String> substitute,
    ModelSource source,
    String precision,
    int contextLength,
    int concurrency,
    int tensorParallel,
    String modelPath,
    List<String> args,
    Map<String, String> environment,
    String memory,
    int startupSeconds)
    implements PlanResult {

  /** The plan for a machine, as status shows it. */
  public PlanStatus status(Machine machine) {
    return new PlanStatus(
        engine,
        image,
        modelId,
        substitute.orElse(null),
        precision,
        contextLength,
        concurrency,
        tensorParallel,
        memory,
        startupSeconds,
        machine.family(),
        machine.cores());
  }
}
