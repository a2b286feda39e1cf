package io.mistraloperator.operator.plan;

import static io.mistraloperator.operator.plan.Plans.accepted;
import static io.mistraloperator.operator.plan.Plans.auto;
import static io.mistraloperator.operator.plan.Plans.own;
import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.api.TokenizerMode;
import io.mistraloperator.operator.catalogue.Catalogue;
import io.mistraloperator.operator.catalogue.ChartCatalogue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What vLLM is told of each family of models. */
class FamilyArgumentsTest {
  private static final Catalogue CATALOGUE = ChartCatalogue.read().catalogue();
  private static final List<String> HUGGING_FACE =
      List.of("--tokenizer-mode", "hf", "--config-format", "hf");
  private static final List<String> MISTRAL =
      List.of(
          "--tokenizer-mode", "mistral", "--config-format", "mistral", "--load-format", "mistral");
  private static final List<String> TOOLS =
      List.of(
          "--enable-auto-tool-choice",
          "--tool-call-parser",
          "mistral",
          "--exclude-tools-when-tool-choice-none");
  private static final List<String> REASONING = List.of("--reasoning-parser", "mistral");
  private static final List<String> IMAGES = List.of("--limit-mm-per-prompt", "{\"image\":4}");

  private final Planner planner =
      new Planner(new EngineImages("llama:1", "vllm:1", "vllm-cpu:1"), WeightPolicy.OPEN);

  @ParameterizedTest(name = "{0}: {2}, tools {3}, images {4}, reasoning {5}")
  @CsvSource({
    "mistralai-Mistral-7B-v01, a100-80gb-1x, hf, false, false, false",
    "mistralai-Mistral-7B-Instruct-v01, a100-80gb-1x, hf, false, false, false",
    "mistralai-Mistral-7B-Instruct-v02, a100-80gb-1x, hf, false, false, false",
    "mistralai-Mixtral-8x7B-Instruct-v01, a100-80gb-2x, hf, false, false, false",
    "mistralai-Mixtral-8x22B-v0-1, a100-80gb-8x, hf, false, false, false",
    "mistralai-Mixtral-8x22B-Instruct-v0-1, a100-80gb-8x, hf, true, false, false",
    "mistralai-Mistral-7B-Instruct-v0-3, a100-80gb-1x, mistral, true, false, false",
    "Mistral-Nemo, a100-80gb-1x, mistral, true, false, false",
    "Mistral-Nemo-Base-2407, a100-80gb-1x, hf, false, false, false",
    "Mistral-Small-2409, a100-80gb-1x, mistral, true, false, false",
    "Mistral-Small-24B-Instruct-2501, a100-80gb-1x, mistral, true, false, false",
    "Codestral-22B-v0.1, a100-80gb-1x, mistral, false, false, false",
    "Mathstral-7B-v0.1, a100-80gb-1x, mistral, false, false, false",
    "Mamba-Codestral-7B-v0.1, a100-80gb-1x, hf, false, false, false",
    "Ministral-8B, a100-80gb-1x, mistral, true, false, false",
    "mistral-small-2503, a100-80gb-1x, mistral, true, true, false",
    "Mistral-Small-3.2-24B-Instruct-2506, a100-80gb-1x, mistral, true, true, false",
    "Pixtral-12B-2409, a100-80gb-1x, mistral, true, true, false",
    "Pixtral-12B-Base-2409, a100-80gb-1x, mistral, false, false, false",
    "Ministral-3-8B-Instruct-2512, a100-80gb-1x, mistral, true, true, false",
    "Ministral-3-8B-Reasoning-2512, a100-80gb-1x, mistral, true, true, true",
    "Ministral-3-8B-Base-2512, a100-80gb-1x, hf, false, false, false",
    "Magistral-Small-2507, a100-80gb-1x, mistral, true, false, true",
    "Magistral-Small-2509, a100-80gb-1x, mistral, true, true, true",
    "Devstral-Small-2507, a100-80gb-1x, mistral, true, false, false",
    "Devstral-Small-2-24B-Instruct-2512, a100-80gb-1x, mistral, true, true, false",
    "Voxtral-Mini-3B-2507, a100-80gb-1x, mistral, false, false, false",
    "Voxtral-Small-24B-2507, a100-80gb-1x, mistral, true, false, false",
  })
  void ofAFamily(
      String id, String type, String layout, boolean tools, boolean images, boolean reasoning) {
    List<String> expected = new ArrayList<>(layout.equals("hf") ? HUGGING_FACE : MISTRAL);
    if (tools) {
      expected.addAll(TOOLS);
    }
    if (reasoning) {
      expected.addAll(REASONING);
    }
    if (images) {
      expected.addAll(IMAGES);
    }
    var plan = plan(id, type);
    assertThat(afterCommonOnes(plan)).isEqualTo(expected);
    assertThat(plan.layout()).isEqualTo(layout);
    assertThat(plan.tokenizerMode())
        .hasValue(layout.equals("hf") ? TokenizerMode.HuggingFace : TokenizerMode.Mistral);
    assertThat(plan.args()).doesNotContain("--trust-remote-code");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "Mistral-Large-3, h200-141gb-8x, false",
    "Mistral-Medium-3.5-128B, h200-141gb-8x, true",
    "Mistral-Small-4-119B-2603, h200-141gb-2x, true",
  })
  @DisplayName("Each of the GPUs that share a model sees whole images")
  void ofLargeModels(String id, String type, boolean reasoning) {
    List<String> expected = new ArrayList<>(MISTRAL);
    expected.addAll(TOOLS);
    if (reasoning) {
      expected.addAll(REASONING);
    }
    expected.addAll(IMAGES);
    expected.addAll(List.of("--mm-encoder-tp-mode", "data"));
    assertThat(afterCommonOnes(plan(id, type))).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "mistralai-Mixtral-8x22B-Instruct-v0-1, hf",
    "mistralai-Mistral-7B-Instruct-v02, hf",
    "Pixtral-12B-Base-2409, mistral",
    "Mistral-Nemo, mistral",
  })
  @DisplayName("One's own files may be in the other layout than the catalogue's in Mistral's")
  void ofOwnFiles(String id, String layout) {
    var model = CATALOGUE.model(id).orElseThrow();
    var machine = CATALOGUE.machine("a100-80gb-8x").orElseThrow();
    var plan = accepted(planner.plan(model, machine, own("BF16")));
    assertThat(plan.layout()).isEqualTo(layout);
    assertThat(afterCommonOnes(plan).contains("--config-format")).isEqualTo(layout.equals("hf"));
    assertThat(plan.tokenizerMode())
        .hasValue(layout.equals("hf") ? TokenizerMode.HuggingFace : TokenizerMode.Auto);
  }

  private EnginePlan plan(String id, String type) {
    return accepted(
        planner.plan(
            CATALOGUE.model(id).orElseThrow(), CATALOGUE.machine(type).orElseThrow(), auto()));
  }

  private static List<String> afterCommonOnes(EnginePlan plan) {
    return plan.args()
        .subList(plan.args().indexOf("/health,/metrics,/ping") + 1, plan.args().size());
  }
}
