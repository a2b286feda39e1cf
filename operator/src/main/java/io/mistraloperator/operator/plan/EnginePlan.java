package io.mistraloperator.operator.plan;

import io.mistraloperator.api.Engine;
import io.mistraloperator.api.ModelSource;
import io.mistraloperator.api.PlanStatus;
import io.mistraloperator.api.TokenizerMode;
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
 * @param claim the claim that holds or keeps the weights; empty for an instance's own volume
 * @param folder folder of the weights in a claim that keeps fetched ones
 * @param layout which layout of the weights the engine reads, where a source has both: mistral or
 *     hf
 * @param tokenizerMode what vLLM makes prompts with; empty for llama.cpp
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
    Optional<String> claim,
    Optional<String> folder,
    String layout,
    Optional<TokenizerMode> tokenizerMode,
    String modelPath,
    List<String> args,
    Map<String, String> environment,
    String memory,
    int startupSeconds)
    implements PlanResult {

  /**
   * The plan for a machine, as status shows it.
   *
   * @param sharing what the claim of the weights means for the instances, in words
   */
  public PlanStatus status(Machine machine, String sharing) {
    return new PlanStatus(
        engine,
        image,
        modelId,
        substitute.orElse(null),
        precision,
        WeightFiles.words(source) + sharing,
        contextLength,
        concurrency,
        tensorParallel,
        memory,
        startupSeconds,
        machine.family(),
        machine.cores(),
        machine.gpus().map(Machine.Gpus::count).orElse(null),
        tokenizerMode.orElse(null));
  }
}
