package io.mistraloperator.operator.plan;

import io.mistraloperator.api.Engine;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** The arguments of a server that a project may set: they tune, and change nothing of the plan. */
public enum TuningFlag {
  /** llama.cpp. */
  BATCH_SIZE(Engine.LlamaCpp, "--batch-size", Value.NUMBER, "prompt tokens taken together"),
  /** llama.cpp. */
  UBATCH_SIZE(Engine.LlamaCpp, "--ubatch-size", Value.NUMBER, "prompt tokens computed together"),
  /** llama.cpp; 16 bits are what the plan counts with. */
  CACHE_TYPE_K(
      Engine.LlamaCpp,
      "--cache-type-k",
      "f16|bf16|q8_0|q5_1|q5_0|q4_1|q4_0|iq4_nl",
      "format of the KV cache's keys, at most 16 bits"),
  /** llama.cpp; 16 bits are what the plan counts with. */
  CACHE_TYPE_V(
      Engine.LlamaCpp,
      "--cache-type-v",
      "f16|bf16|q8_0|q5_1|q5_0|q4_1|q4_0|iq4_nl",
      "format of the KV cache's values, at most 16 bits"),
  /** llama.cpp. */
  CACHE_REUSE(
      Engine.LlamaCpp, "--cache-reuse", Value.NUMBER, "least tokens of a cached piece to reuse"),
  /** llama.cpp. */
  FLASH_ATTENTION(Engine.LlamaCpp, "--flash-attn", "on|off|auto", "flash attention"),
  /** llama.cpp. */
  LOAD_MODE(Engine.LlamaCpp, "--load-mode", "auto|none|mmap|mlock", "how weights are loaded"),
  /** llama.cpp. */
  NUMA(Engine.LlamaCpp, "--numa", "distribute|isolate", "how NUMA nodes are used"),
  /** llama.cpp. */
  POLL(Engine.LlamaCpp, "--poll", "100|[1-9]?[0-9]", "how eagerly threads wait for work"),
  /** llama.cpp. */
  NO_REPACK(Engine.LlamaCpp, "--no-repack", "", "weights stay in the layout of the file"),
  /** llama.cpp. */
  SWA_FULL(Engine.LlamaCpp, "--swa-full", "", "whole cache for sliding-window attention"),
  /** llama.cpp. */
  THREADS_HTTP(Engine.LlamaCpp, "--threads-http", Value.NUMBER, "threads that talk HTTP"),

  /** vLLM. */
  MAX_NUM_BATCHED_TOKENS(
      Engine.VLLM, "--max-num-batched-tokens", Value.NUMBER, "tokens computed in one step"),
  /** vLLM. */
  LONG_PREFILL_TOKEN_THRESHOLD(
      Engine.VLLM,
      "--long-prefill-token-threshold",
      Value.NUMBER,
      "tokens from which a prompt counts as long"),
  /** vLLM; 16 bits are what the plan counts with. */
  KV_CACHE_DTYPE(
      Engine.VLLM,
      "--kv-cache-dtype",
      "auto|fp8|fp8_e4m3|fp8_e5m2",
      "format of the KV cache, at most 16 bits"),
  /** vLLM. */
  BLOCK_SIZE(Engine.VLLM, "--block-size", "8|16|32|64|128|256", "tokens of one cache block"),
  /** vLLM. */
  ENABLE_PREFIX_CACHING(
      Engine.VLLM, "--enable-prefix-caching", "", "beginnings of prompts are kept"),
  /** vLLM. */
  NO_ENABLE_PREFIX_CACHING(
      Engine.VLLM, "--no-enable-prefix-caching", "", "beginnings of prompts are not kept"),
  /** vLLM. */
  ENABLE_CHUNKED_PREFILL(
      Engine.VLLM, "--enable-chunked-prefill", "", "long prompts are read in pieces"),
  /** vLLM. */
  NO_ENABLE_CHUNKED_PREFILL(
      Engine.VLLM, "--no-enable-chunked-prefill", "", "long prompts are read at once"),
  /** vLLM. */
  ASYNC_SCHEDULING(Engine.VLLM, "--async-scheduling", "", "the next step is planned meanwhile"),
  /** vLLM. */
  NO_ASYNC_SCHEDULING(Engine.VLLM, "--no-async-scheduling", "", "the next step is planned after"),
  /** vLLM. */
  ENFORCE_EAGER(Engine.VLLM, "--enforce-eager", "", "no CUDA graphs: starts sooner, runs slower"),
  /** vLLM. */
  DISABLE_CUSTOM_ALL_REDUCE(
      Engine.VLLM, "--disable-custom-all-reduce", "", "NCCL alone connects GPUs"),
  /** vLLM. */
  ENABLE_EXPERT_PARALLEL(
      Engine.VLLM, "--enable-expert-parallel", "", "GPUs share the experts of a mixture"),
  /** vLLM. */
  ATTENTION_BACKEND(
      Engine.VLLM, "--attention-backend", "[A-Za-z0-9_]{1,40}", "implementation of attention"),
  /** vLLM. */
  SAFETENSORS_LOAD_STRATEGY(
      Engine.VLLM,
      "--safetensors-load-strategy",
      "lazy|eager|prefetch",
      "how files of weights are read"),
  /** vLLM. */
  OPTIMIZATION_LEVEL(Engine.VLLM, "--optimization-level", "[0-3]", "how much is compiled at start"),
  /** vLLM. */
  STREAM_INTERVAL(Engine.VLLM, "--stream-interval", Value.NUMBER, "tokens of one streamed piece"),
  /** vLLM. */
  SEED(Engine.VLLM, "--seed", Value.NUMBER, "seed of requests that bring none");

  private static final class Value {
    private static final String NUMBER = "[0-9]{1,9}";
  }

  private final Engine engine;
  private final String flag;
  private final Pattern values;
  private final String meaning;

  TuningFlag(Engine engine, String flag, String values, String meaning) {
    this.engine = engine;
    this.flag = flag;
    this.values = Pattern.compile(values);
    this.meaning = meaning;
  }

  /** Those of one server, in order. */
  static List<TuningFlag> of(Engine engine) {
    return Arrays.stream(values()).filter(each -> each.engine == engine).toList();
  }

  String flag() {
    return flag;
  }

  /** What it does, in a few words. */
  String meaning() {
    return meaning;
  }

  /** Whether it stands alone. */
  boolean isSwitch() {
    return values.pattern().isEmpty();
  }

  boolean takes(String value) {
    return values.matcher(value).matches();
  }

  /** The values, for people; empty for a switch. */
  String allowed() {
    return values.pattern().equals(Value.NUMBER)
        ? "a whole number"
        : this == POLL
            ? "0 to 100"
            : this == OPTIMIZATION_LEVEL
                ? "0 to 3"
                : this == ATTENTION_BACKEND ? "a name" : values.pattern().replace("|", ", ");
  }
}
