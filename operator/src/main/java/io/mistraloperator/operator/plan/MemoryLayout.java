package io.mistraloperator.operator.plan;

import io.mistraloperator.api.Engine;
import io.mistraloperator.operator.catalogue.Machine;
import io.mistraloperator.operator.catalogue.Machine.Gpus;
import io.mistraloperator.operator.catalogue.Model;
import java.util.Optional;

/** Divides the memory of a machine between weights, KV cache and the rest. */
final class MemoryLayout {
  /** Share of a GPU's memory that vLLM takes: its own default. */
  static final double GPU_SHARE = 0.92;

  /** Activations, CUDA graphs and NCCL, on each GPU. */
  private static final long GPU_OVERHEAD = 3 * Bytes.GIB + Bytes.GIB / 2;

  /** Share of a machine's memory that is planned with; the rest is for the page cache. */
  private static final double CPU_SHARE = 0.9;

  private static final long LLAMACPP_OVERHEAD = Bytes.GIB / 2;
  private static final long VLLM_CPU_OVERHEAD = Bytes.GIB + Bytes.GIB / 2;

  /** Context that a default plan offers at least, unless the model has less. */
  private static final int LEAST_CONTEXT = 4096;

  /** Tokens of a usual request; decides how many are worked on at once. */
  private static final int USUAL_REQUEST = 2048;

  private static final int MOST_GPU_REQUESTS = 256;
  private static final int MOST_CPU_REQUESTS = 4;

  /** On CPUs the cache is allocated at start, so it is not made larger than what serves. */
  private static final int MOST_CPU_CONTEXT = 32768;

  private static final int CONTEXT_STEP = 256;

  private final Model model;
  private final Machine machine;
  private final Optional<Integer> asked;

  MemoryLayout(Model model, Machine machine, Optional<Integer> asked) {
    this.model = model;
    this.machine = machine;
    this.asked = asked;
  }

  /** The layout of these weights for an engine. */
  LayoutResult of(Engine engine, String precision, long weights) {
    return machine.gpus().isPresent()
        ? onGpus(machine.gpus().get(), precision, weights)
        : onCpus(engine, precision, weights);
  }

  private LayoutResult onGpus(Gpus gpus, String precision, long weights) {
    int shared = model.attention().share(gpus.count());
    long perToken = model.attention().kvBytesPerToken() * model.attention().copies(shared);
    long usable = (long) (GPU_SHARE * gpus.memoryBytes()) * shared;
    long overhead = GPU_OVERHEAD * shared;
    long cache = usable - overhead - weights;
    String have =
        "%s (%s of %d x %s %s)"
            .formatted(
                Bytes.text(usable),
                Math.round(GPU_SHARE * 100) + "%",
                shared,
                gpus.model(),
                Bytes.text(gpus.memoryBytes()));
    long tokens = cache / perToken;
    int context = context(tokens, Integer.MAX_VALUE);
    if (tokens < leastContext()) {
      return tooBig(precision, weights, perToken, overhead, have);
    }
    int concurrency = Math.clamp(tokens / USUAL_REQUEST, 1, MOST_GPU_REQUESTS);
    return new Layout(
        context,
        concurrency,
        shared,
        tokens,
        fits(precision, weights, tokens, perToken, overhead, have));
  }

  private LayoutResult onCpus(Engine engine, String precision, long weights) {
    long usable = (long) (CPU_SHARE * machine.memoryBytes());
    long overhead = engine == Engine.LlamaCpp ? LLAMACPP_OVERHEAD : VLLM_CPU_OVERHEAD;
    long perToken = model.attention().kvBytesPerToken();
    long available = (usable - overhead - weights) / perToken;
    String have =
        "%s (%d%% of the machine's %s)"
            .formatted(
                Bytes.text(usable), Math.round(CPU_SHARE * 100), Bytes.text(machine.memoryBytes()));
    if (available < leastContext()) {
      return tooBig(precision, weights, perToken, overhead, have);
    }
    int concurrency = MOST_CPU_REQUESTS;
    while (concurrency > 1 && available / concurrency < leastContext()) {
      concurrency--;
    }
    int context = context(available / concurrency, MOST_CPU_CONTEXT);
    long tokens = (long) context * concurrency;
    return new Layout(
        context,
        concurrency,
        1,
        tokens,
        fits(precision, weights, tokens, perToken, overhead, have));
  }

  private int leastContext() {
    return asked.orElse(Math.min(LEAST_CONTEXT, model.contextLength()));
  }

  private int context(long tokens, int most) {
    return asked.orElseGet(
        () -> {
          long room = Math.min(tokens, Math.min(model.contextLength(), most));
          return (int) (room < CONTEXT_STEP ? room : room - room % CONTEXT_STEP);
        });
  }

  private LayoutResult.TooBig tooBig(
      String precision, long weights, long perToken, long overhead, String have) {
    long cache = leastContext() * perToken;
    return new LayoutResult.TooBig(
        "%s weights %s + KV cache %s (%d tokens of %s) + overhead %s = %s, there are %s"
            .formatted(
                precision,
                Bytes.text(weights),
                Bytes.text(cache),
                leastContext(),
                Bytes.text(perToken),
                Bytes.text(overhead),
                Bytes.text(weights + cache + overhead),
                have));
  }

  private static String fits(
      String precision, long weights, long tokens, long perToken, long overhead, String have) {
    long cache = tokens * perToken;
    return "%s weights %s + KV cache %s (%d tokens of %s) + overhead %s = %s of %s"
        .formatted(
            precision,
            Bytes.text(weights),
            Bytes.text(cache),
            tokens,
            Bytes.text(perToken),
            Bytes.text(overhead),
            Bytes.text(weights + cache + overhead),
            have);
  }
}
