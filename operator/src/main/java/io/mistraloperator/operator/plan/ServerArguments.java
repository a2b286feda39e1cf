package io.mistraloperator.operator.plan;

import io.mistraloperator.api.MistralModelSpec.FileLayout;
import io.mistraloperator.api.MistralModelSpec.Task;
import io.mistraloperator.api.MistralModelSpec.Tokenizer;
import io.mistraloperator.api.TokenizerMode;
import io.mistraloperator.operator.catalogue.Machine;
import io.mistraloperator.operator.catalogue.Model;
import io.mistraloperator.operator.catalogue.Model.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
      Model model, Machine machine, Layout layout, Source source, String path) {
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
              if (source.precision().equals("BF16")) {
                args.addAll(List.of("--dtype", hasBfloat16(gpus.model()) ? "bfloat16" : "float16"));
              }
            },
            () -> {
              args.addAll(
                  List.of(
                      "--kv-cache-memory-bytes",
                      Long.toString(layout.kvTokens() * model.attention().kvBytesPerToken())));
              args.addAll(List.of("--dtype", "bfloat16", "--enforce-eager"));
            });
    // The repository's own sampling defaults would change what an absent temperature means.
    args.addAll(List.of("--generation-config", "vllm", "--fingerprint-mode", "none"));
    args.addAll(List.of("--disable-fastapi-docs"));
    args.addAll(List.of("--disable-access-log-for-endpoints", "/health,/metrics,/ping"));
    args.addAll(reading(model, source));
    args.addAll(abilities(model, layout));
    return List.copyOf(args);
  }

  /** How the files are read: what is known is said, so that nothing depends on what is found. */
  private static List<String> reading(Model model, Source source) {
    return layout(model, source)
        .map(
            known ->
                switch (known) {
                  // Left to itself vLLM takes Mistral's layout where it finds it, and base models
                  // then chat.
                  case HuggingFace -> List.of("--tokenizer-mode", "hf", "--config-format", "hf");
                  case Mistral ->
                      List.of(
                          "--tokenizer-mode",
                          "mistral",
                          "--config-format",
                          "mistral",
                          "--load-format",
                          "mistral");
                })
        .orElse(List.of());
  }

  private static List<String> abilities(Model model, Layout layout) {
    List<String> args = new ArrayList<>();
    boolean chat = model.task() == Task.ChatCompletions;
    if (chat && model.capabilities().tools()) {
      args.addAll(
          List.of(
              "--enable-auto-tool-choice",
              "--tool-call-parser",
              "mistral",
              "--exclude-tools-when-tool-choice-none"));
    }
    if (chat && model.capabilities().reasoning()) {
      args.addAll(List.of("--reasoning-parser", "mistral"));
    }
    if (model.capabilities().vision()) {
      args.addAll(List.of("--limit-mm-per-prompt", "{\"image\":4}"));
      if (layout.tensorParallel() > 1) {
        args.addAll(List.of("--mm-encoder-tp-mode", "data"));
      }
    }
    return args;
  }

  /** How vLLM reads files: as their source says, else by the model where that decides it. */
  static Optional<FileLayout> layout(Model model, Source source) {
    return source
        .layout()
        .or(() -> onlyHuggingFace(model) ? Optional.of(FileLayout.HuggingFace) : Optional.empty());
  }

  /** What vLLM makes prompts with when it reads files so. */
  static TokenizerMode tokenizerMode(Model model, Source source) {
    return layout(model, source)
        .map(
            known ->
                switch (known) {
                  case HuggingFace -> TokenizerMode.HuggingFace;
                  case Mistral -> TokenizerMode.Mistral;
                })
        .orElse(TokenizerMode.Auto);
  }

  private static boolean onlyHuggingFace(Model model) {
    boolean old =
        model.task() != Task.ChatCompletions || WITHOUT_MISTRAL_FORMAT.contains(model.tokenizer());
    return old
        && model.sources().stream()
            .noneMatch(known -> known.layout().equals(Optional.of(FileLayout.Mistral)));
  }

  /**
   * Environment of vLLM. The image's entrypoint compares {@code ENGINE_GPUS} with what vLLM has
   * chosen to compute with. Left alone, vLLM on CPU pins a thread to every core of the node, limits
   * or not, and so each of its instances to the same ones; as many as are the machine's are right,
   * but for the one that its scheduler keeps busy.
   */
  static Map<String, String> vllmEnvironment(Machine machine, Layout layout) {
    // Without a compiler in the image the first request for logprobs would end the engine.
    return machine.gpus().isPresent()
        ? Map.of("ENGINE_GPUS", Integer.toString(layout.tensorParallel()))
        : Map.of(
            "OMP_NUM_THREADS",
            Integer.toString(Math.max(1, machine.cores() - 1)),
            "VLLM_CPU_OMP_THREADS_BIND",
            "nobind",
            "TORCHDYNAMO_DISABLE",
            "1");
  }

  private static boolean hasBfloat16(String gpu) {
    return !gpu.startsWith("V100") && !gpu.startsWith("T4");
  }
}
