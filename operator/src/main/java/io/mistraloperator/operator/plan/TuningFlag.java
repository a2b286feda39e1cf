package io.mistraloperator.operator.plan;

import io.mistraloperator.api.Engine;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** The arguments of a server that a project may set: they tune, and change nothing of the plan. */
public enum TuningFlag {
  /** llama.cpp. */
  BATCH_SIZE(Engine.LlamaCpp, "--batch-size", Values.NUMBER, "prompt tokens taken together"),
  /** llama.cpp. */
  UBATCH_SIZE(Engine.LlamaCpp, "--ubatch-size", Values.NUMBER, "prompt tokens computed together"),
  /** llama.cpp; 16 bits are what the plan counts with. */
  CACHE_TYPE_K(
      Engine.LlamaCpp,
      "--cache-type-k",
      Values.of("f16", "bf16", "q8_0", "q5_1", "q5_0", "q4_1", "q4_0", "iq4_nl"),
      "format of the KV cache's keys, at most 16 bits"),
  /** llama.cpp; 16 bits are what the plan counts with. */
  CACHE_TYPE_V(
      Engine.LlamaCpp,
      "--cache-type-v",
      Values.of("f16", "bf16", "q8_0", "q5_1", "q5_0", "q4_1", "q4_0", "iq4_nl"),
      "format of the KV cache's values, at most 16 bits"),
  /** llama.cpp. */
  CACHE_REUSE(
      Engine.LlamaCpp, "--cache-reuse", Values.NUMBER, "least tokens of a cached piece to reuse"),
  /** llama.cpp. */
  FLASH_ATTENTION(
      Engine.LlamaCpp, "--flash-attn", Values.of("on", "off", "auto"), "flash attention"),
  /** llama.cpp. */
  LOAD_MODE(
      Engine.LlamaCpp,
      "--load-mode",
      Values.of("auto", "none", "mmap", "mlock"),
      "how weights are loaded"),
  /** llama.cpp. */
  NUMA(Engine.LlamaCpp, "--numa", Values.of("distribute", "isolate"), "how NUMA nodes are used"),
  /** llama.cpp. */
  POLL(Engine.LlamaCpp, "--poll", Values.PERCENT, "how eagerly threads wait for work"),
  /** llama.cpp. */
  NO_REPACK(Engine.LlamaCpp, "--no-repack", Values.NONE, "weights stay in the layout of the file"),
  /** llama.cpp. */
  SWA_FULL(Engine.LlamaCpp, "--swa-full", Values.NONE, "whole cache for sliding-window attention"),
  /** llama.cpp. */
  THREADS_HTTP(Engine.LlamaCpp, "--threads-http", Values.NUMBER, "threads that talk HTTP"),

  /** vLLM. */
  MAX_NUM_BATCHED_TOKENS(
      Engine.VLLM, "--max-num-batched-tokens", Values.NUMBER, "tokens computed in one step"),
  /** vLLM. */
  LONG_PREFILL_TOKEN_THRESHOLD(
      Engine.VLLM,
      "--long-prefill-token-threshold",
      Values.NUMBER,
      "tokens from which a prompt counts as long"),
  /** vLLM; 16 bits are what the plan counts with. */
  KV_CACHE_DTYPE(
      Engine.VLLM,
      "--kv-cache-dtype",
      Values.of("auto", "fp8", "fp8_e4m3", "fp8_e5m2"),
      "format of the KV cache, at most 16 bits"),
  /** vLLM. */
  BLOCK_SIZE(
      Engine.VLLM,
      "--block-size",
      Values.of("8", "16", "32", "64", "128", "256"),
      "tokens of one cache block"),
  /** vLLM. */
  ENABLE_PREFIX_CACHING(
      Engine.VLLM, "--enable-prefix-caching", Values.NONE, "beginnings of prompts are kept"),
  /** vLLM. */
  NO_ENABLE_PREFIX_CACHING(
      Engine.VLLM, "--no-enable-prefix-caching", Values.NONE, "beginnings of prompts are not kept"),
  /** vLLM. */
  ENABLE_CHUNKED_PREFILL(
      Engine.VLLM, "--enable-chunked-prefill", Values.NONE, "long prompts are read in pieces"),
  /** vLLM. */
  NO_ENABLE_CHUNKED_PREFILL(
      Engine.VLLM, "--no-enable-chunked-prefill", Values.NONE, "long prompts are read at once"),
  /** vLLM. */
  ASYNC_SCHEDULING(
      Engine.VLLM, "--async-scheduling", Values.NONE, "the next step is planned meanwhile"),
  /** vLLM. */
  NO_ASYNC_SCHEDULING(
      Engine.VLLM, "--no-async-scheduling", Values.NONE, "the next step is planned after"),
  /** vLLM. */
  ENFORCE_EAGER(
      Engine.VLLM, "--enforce-eager", Values.NONE, "no CUDA graphs: starts sooner, runs slower"),
  /** vLLM. */
  DISABLE_CUSTOM_ALL_REDUCE(
      Engine.VLLM, "--disable-custom-all-reduce", Values.NONE, "NCCL alone connects GPUs"),
  /** vLLM. */
  ENABLE_EXPERT_PARALLEL(
      Engine.VLLM, "--enable-expert-parallel", Values.NONE, "GPUs share the experts of a mixture"),
  /** vLLM. */
  ATTENTION_BACKEND(Engine.VLLM, "--attention-backend", Values.NAME, "implementation of attention"),
  /** vLLM. */
  SAFETENSORS_LOAD_STRATEGY(
      Engine.VLLM,
      "--safetensors-load-strategy",
      Values.of("lazy", "eager", "prefetch"),
      "how files of weights are read"),
  /** vLLM. */
  OPTIMIZATION_LEVEL(
      Engine.VLLM,
      "--optimization-level",
      Values.of("0", "1", "2", "3"),
      "how much is compiled at start"),
  /** vLLM. */
  STREAM_INTERVAL(Engine.VLLM, "--stream-interval", Values.NUMBER, "tokens of one streamed piece"),
  /** vLLM. */
  SEED(Engine.VLLM, "--seed", Values.NUMBER, "seed of requests that bring none");

  /**
   * What may stand behind the equals sign.
   *
   * @param form all of it
   * @param words for people; empty where nothing may stand there
   */
  private record Values(Pattern form, String words) {
    private static final Values NONE = new Values(Pattern.compile(""), "");
    private static final Values NUMBER =
        new Values(Pattern.compile("[0-9]{1,9}"), "a whole number");
    private static final Values PERCENT =
        new Values(Pattern.compile("100|[1-9]?[0-9]"), "0 to 100");
    private static final Values NAME = new Values(Pattern.compile("[A-Za-z0-9_]{1,40}"), "a name");

    private static Values of(String... words) {
      return new Values(Pattern.compile(String.join("|", words)), String.join(", ", words));
    }
  }

  private final Engine engine;
  private final String flag;
  private final Values values;
  private final String meaning;

  TuningFlag(Engine engine, String flag, Values values, String meaning) {
    this.engine = engine;
    this.flag = flag;
    this.values = values;
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
    return values.equals(Values.NONE);
  }

  boolean takes(String value) {
    return values.form().matcher(value).matches();
  }

  /** The values, for people; empty for a switch. */
  String allowed() {
    return values.words();
  }
}
