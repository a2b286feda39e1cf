package io.mistraloperator.operator.plan;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Arguments that a project may not set, with the reason: the plan sets them, or they would open the
 * engine. What is in neither table is refused as unknown.
 */
enum OwnedFlag {
  MODEL("which weights are served follows from spec.model and spec.source", "--model"),
  NAME("the engine serves the name that the route has", "--alias", "--served-model-name"),
  CONTEXT("set spec.contextLength", "--ctx-size", "--max-model-len"),
  CONCURRENCY(
      "how many requests an instance works on follows from its memory (status.plan.concurrency); fewer: spec.requestSettings.maxConcurrentRequestsPerInstance",
      "--parallel",
      "--max-num-seqs",
      "--kv-unified",
      "--no-kv-unified"),
  CORES(
      "follows from spec.instanceType",
      "--threads",
      "--threads-batch",
      "--tensor-parallel-size",
      "--pipeline-parallel-size",
      "--data-parallel-size",
      "--device"),
  SEVERAL_NODES(
      "a model on several nodes is not supported yet",
      "--nnodes",
      "--node-rank",
      "--master-addr",
      "--master-port",
      "--distributed-executor-backend",
      "--rpc"),
  MEMORY(
      "the plan divides the memory of the machine (status.plan.memory)",
      "--gpu-memory-utilization",
      "--kv-cache-memory-bytes",
      "--num-gpu-blocks-override",
      "--cpu-offload-gb",
      "--swap-space",
      "--cache-ram",
      "--fit"),
  PRECISION("set spec.precision", "--dtype", "--quantization", "--load-format"),
  TOKENIZER(
      "how the model is read follows from the catalogue",
      "--tokenizer",
      "--tokenizer-mode",
      "--config-format",
      "--chat-template",
      "--chat-template-file",
      "--jinja",
      "--hf-overrides",
      "--override-kv",
      "--generation-config"),
  TOOLS(
      "tool calls follow from the catalogue",
      "--enable-auto-tool-choice",
      "--tool-call-parser",
      "--reasoning-parser"),
  ADDRESS(
      "probes, services and network policy know the engine's address",
      "--host",
      "--port",
      "--uds",
      "--root-path",
      "--api-prefix",
      "--reuse-port"),
  CREDENTIALS(
      "the gateway checks keys, and the network policy lets only it in",
      "--api-key",
      "--api-key-file",
      "--ssl-keyfile",
      "--ssl-certfile",
      "--ssl-ca-certs",
      "--ssl-key-file",
      "--ssl-cert-file"),
  FETCHES(
      "instances fetch nothing by themselves: set spec.source",
      "--model-url",
      "--hf-repo",
      "--hf-file",
      "--hf-token",
      "--docker-repo",
      "--mmproj-url",
      "--download-dir",
      "--revision",
      "--code-revision"),
  FOREIGN_CODE(
      "it would run code that is not the engine's",
      "--trust-remote-code",
      "--trust-request-chat-template",
      "--middleware",
      "--worker-cls",
      "--worker-extension-cls",
      "--tool-parser-plugin",
      "--reasoning-parser-plugin",
      "--logits-processors",
      "--tools",
      "--tools-runtime",
      "--mcp-servers-config",
      "--mcp-servers-json",
      "--tool-server",
      "--agent",
      "--ui-mcp-proxy",
      "--webui-mcp-proxy"),
  FILES(
      "requests could read or write files of the instance",
      "--allowed-local-media-path",
      "--allowed-media-domains",
      "--media-path",
      "--slot-save-path",
      "--path",
      "--log-file",
      "--lora",
      "--control-vector",
      "--enable-lora",
      "--lora-modules"),
  ADMINISTRATION(
      "requests could change the engine",
      "--props",
      "--slots",
      "--models-dir",
      "--enable-sleep-mode",
      "--enable-server-load-tracking"),
  CONTENT(
      "what users write would stand in logs or leave the cluster",
      "--enable-log-requests",
      "--enable-log-outputs",
      "--verbose",
      "--log-verbosity",
      "--otlp-traces-endpoint",
      "--kv-transfer-config",
      "--kv-events-config");

  private final String reason;
  private final List<String> flags;

  OwnedFlag(String reason, String... flags) {
    this.reason = reason;
    this.flags = List.of(flags);
  }

  /** Why, and what to do where something can be done. */
  String reason() {
    return reason;
  }

  List<String> flags() {
    return flags;
  }

  /** The entry of an argument, also of its negative. */
  static Optional<OwnedFlag> of(String flag) {
    String plain = flag.startsWith("--no-") ? "--" + flag.substring("--no-".length()) : flag;
    return Arrays.stream(values())
        .filter(owned -> owned.flags.contains(flag) || owned.flags.contains(plain))
        .findFirst();
  }
}
