package io.mistraloperator.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.api.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Arguments that projects set, and those that they may not. */
class EngineArgsTest {
  private static final Path PAGE = Path.of("../docs/engine-args.md");
  private static final String BEGINNING =
      """
      # Arguments of the engines

      What `spec.engineArgs` of a `MistralDeployment` may hold, made from the operator's tables by `make engine-args`. Each entry is
      `--name=value`, or `--name` where no value stands below. They come after the arguments of the plan. Anything else is refused
      before an instance is made: condition `PlanAccepted` is False with reason `EngineArgsNotAllowed` and says which entry and why.
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LlamaCpp | --batch-size=512",
        "LlamaCpp | --cache-type-k=q8_0",
        "LlamaCpp | --swa-full",
        "LlamaCpp | --poll=0",
        "LlamaCpp | --poll=100",
        "VLLM | --max-num-batched-tokens=8192",
        "VLLM | --no-enable-prefix-caching",
        "VLLM | --kv-cache-dtype=fp8",
        "VLLM | --attention-backend=FLASH_ATTN",
      })
  void tuningIsAllowed(Engine engine, String arg) {
    assertThat(EngineArgs.problem(engine, List.of(arg))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "VLLM | --trust-remote-code | foreign code | it would run code that is not the engine's",
        "VLLM | --allowed-local-media-path=/ | files | requests could read or write files",
        "VLLM | --api-key=secret | keys | the gateway checks keys",
        "VLLM | --max-model-len=1 | the plan's | set spec.contextLength",
        "VLLM | --dtype=half | the plan's | set spec.precision",
        "VLLM | --tensor-parallel-size=2 | the plan's | may not be set, take it out: follows from spec.instanceType",
        "VLLM | --nnodes=2 | several nodes | not supported yet",
        "VLLM | --enable-log-requests | content | would stand in logs",
        "VLLM | --batch-size=1 | the other engine's | not an argument that may be set for VLLM; those are --max-num-batched-tokens",
        "VLLM | --kv-cache-dtype=fp32 | value | write --kv-cache-dtype=VALUE with auto, fp8",
        "VLLM | --seed | value | write --seed=VALUE with a whole number",
        "VLLM | --seed=-1 | value | write --seed=VALUE with a whole number",
        "VLLM | --enforce-eager=true | value | takes no value, write --enforce-eager alone",
        "LlamaCpp | --tools=all | tools | it would run code",
        "LlamaCpp | --ui-mcp-proxy | tools | it would run code",
        "LlamaCpp | --slot-save-path=/tmp | files | requests could read or write files",
        "LlamaCpp | --model-url=http://x | fetches | set spec.source",
        "LlamaCpp | --props | admin | requests could change the engine",
        "LlamaCpp | --no-slots | admin | requests could change the engine",
        "LlamaCpp | --ctx-size=1 | the plan's | set spec.contextLength",
        "LlamaCpp | --cache-type-v=f32 | value | write --cache-type-v=VALUE with f16",
        "LlamaCpp | --poll=101 | value | 0 to 100",
        "LlamaCpp | --no-such-thing | unknown | not an argument that may be set for LlamaCpp",
      })
  void othersAreRefusedWithTheReason(Engine engine, String arg, String ignoredKind, String says) {
    assertThat(EngineArgs.problem(engine, List.of(arg)).orElseThrow())
        .startsWith("spec.engineArgs[0] " + arg.replaceFirst("=.*", "") + ": ")
        .contains(says)
        .doesNotContain("secret");
  }

  @Test
  void oneTwiceIsRefused() {
    assertThat(EngineArgs.problem(Engine.VLLM, List.of("--seed=1", "--seed=2")))
        .contains("spec.engineArgs[1] --seed: stands twice");
  }

  @Test
  void valuesBecomeArgumentsOfTheirOwn() {
    assertThat(EngineArgs.split(List.of("--swa-full", "--batch-size=512", "--numa=isolate")))
        .containsExactly("--swa-full", "--batch-size", "512", "--numa", "isolate");
  }

  @ParameterizedTest
  @EnumSource
  void noArgumentIsInBothTables(TuningFlag flag) {
    assertThat(OwnedFlag.of(flag.flag())).isEmpty();
    assertThat(flag.meaning()).isNotBlank();
  }

  @Test
  @DisplayName("docs/engine-args.md equals the tables")
  void thePageEqualsTheTables() throws IOException {
    if (Boolean.getBoolean("engine-args.write")) {
      Files.writeString(PAGE, page());
    }
    assertThat(Files.readString(PAGE))
        .as("run 'make engine-args' after a change of the tables")
        .isEqualTo(page());
  }

  private static String page() {
    return BEGINNING
        + tuning("llama.cpp", Engine.LlamaCpp)
        + tuning("vLLM", Engine.VLLM)
        + "\n## Refused\n\n| arguments | why |\n|---|---|\n"
        + Arrays.stream(OwnedFlag.values())
            .map(
                owned ->
                    "| %s | %s |\n"
                        .formatted(
                            owned.flags().stream()
                                .map(flag -> "`" + flag + "`")
                                .collect(Collectors.joining(", ")),
                            owned.reason()))
            .collect(Collectors.joining());
  }

  private static String tuning(String engine, Engine which) {
    return "\n## "
        + engine
        + "\n\n| argument | value | sets |\n|---|---|---|\n"
        + TuningFlag.of(which).stream()
            .map(
                flag ->
                    "| `%s` | %s | %s |\n".formatted(flag.flag(), flag.allowed(), flag.meaning()))
            .collect(Collectors.joining());
  }
}
