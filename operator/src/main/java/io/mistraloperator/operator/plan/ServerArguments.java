package io.mistraloperator.operator.plan;

import io.mistraloperator.api.MistralModelSpec.Task;
import io.mistraloperator.api.MistralModelSpec.Tokenizer;
import io.mistraloperator.operator.catalogue.Machine;
import io.mistraloperator.operator.catalogue.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Command lines of the servers. */
final class ServerArguments {
  private static final Set<Tokenizer> WITHOUT_MISTRAL_FORMAT = Set.of(Tokenizer.V1, Tokenizer.V2);

  private ServerArguments() {}

  /**
   * llama.cpp: {@code --ctx-size} is the sum over all slots, more threads than cores make it
   * several times slower, and its prompt cache in RAM would not be part of the plan.
   */
  static List<String> llamaCpp(Model model, Machine machine, Layout layout, String path) {
    String threads = Integer.toString(machine.cores());
    return List.of(
        "--model",
        path,
        "--alias",
        model.id(),
        "--ctx-size",
        Long.toString((long) layout.contextLength() * layout.concurrency()),
        "--parallel",
        Integer.toString(layout.concurrency()),
        "--threads",
        threads,
        "--threads-batch",
        threads,
        "--cache-ram",
        "0");
  }

  /** vLLM; the first argument is the model. */
  static List<String> vllm(
      Model model, Machine machine, Layout layout, String precision, String path) {
    List<String> args = new ArrayList<>();
    args.add(path);
    args.addAll(List.of("--served-model-name", model.id()));
    args.addAll(List.of("--host", "0.0.0.0", "--port", "8000"));
    args.addAll(List.of("--max-model-len", Integer.toString(layout.contextLength())));
    args.addAll(List.of("--max-num-seqs", Integer.toString(layout.concurrency())));
    machine
        .gpus()
        .ifPresentOrElse(
            gpus -> {
              args.addAll(
                  List.of("--tensor-parallel-size", Integer.toString(layout.tensorParallel())));
              args.addAll(
                  List.of("--gpu-memory-utilization", Double.toString(MemoryLayout.GPU_SHARE)));
              if (precision.equals("BF16")) {
                args.addAll(List.of("--dtype", hasBfloat16(gpus.model()) ? "bfloat16" : "float16"));
              }
            },
            () -> {
              args.addAll(
                  List.of(
                      "--kv-cache-memory-bytes",
                      Long.toString(layout.kvTokens() * model.kvBytesPerToken())));
              args.addAll(List.of("--dtype", "bfloat16", "--enforce-eager"));
            });
    // The repository's own sampling defaults would change what an absent temperature means.
    args.addAll(List.of("--generation-config", "vllm", "--fingerprint-mode", "none"));
    args.addAll(List.of("--disable-fastapi-docs"));
    args.addAll(List.of("--disable-access-log-for-endpoints", "/health,/metrics,/ping"));
    boolean chat = model.task() == Task.ChatCompletions;
    if (huggingFaceFormat(model)) {
      // Left to itself vLLM takes the Mistral format where it finds it, and base models then chat.
      args.addAll(List.of("--tokenizer-mode", "hf", "--config-format", "hf"));
    }
    if (chat && model.capabilities().tools()) {
      args.addAll(
          List.of(
              "--enable-auto-tool-choice",
              "--tool-call-parser",
              "mistral",
              "--exclude-tools-when-tool-choice-none"));
    }
    if (model.capabilities().vision()) {
      args.addAll(List.of("--limit-mm-per-prompt", "{\"image\":4}"));
    }
    return List.copyOf(args);
  }

  /** Whether vLLM reads Hugging Face's layout of a repository, and not Mistral's. */
  static boolean huggingFaceFormat(Model model) {
    return model.task() != Task.ChatCompletions
        || WITHOUT_MISTRAL_FORMAT.contains(model.tokenizer());
  }

  /** Environment of vLLM. */
  static Map<String, String> vllmEnvironment(Machine machine) {
    // Without a compiler in the image the first request for logprobs would end the engine.
    return machine.gpus().isPresent()
        ? Map.of()
        : Map.of("OMP_NUM_THREADS", Integer.toString(machine.cores()), "TORCHDYNAMO_DISABLE", "1");
  }

  private static boolean hasBfloat16(String gpu) {
    return !gpu.startsWith("V100") && !gpu.startsWith("T4");
  }
}
