package io.mistraloperator.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import io.mistraloperator.api.Engine;
import io.mistraloperator.api.MistralDeploymentSpec.EngineChoice;
import io.mistraloperator.api.ModelCache;
import io.mistraloperator.api.ModelSource;
import io.mistraloperator.operator.catalogue.Machine;
import io.mistraloperator.operator.catalogue.Model;
import io.mistraloperator.operator.catalogue.Model.Source;
import io.mistraloperator.operator.plan.Refusal.Reason;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where weights come from and where they are kept. */
class WeightsPlanTest {
  private static final ModelCache SHARED = new ModelCache("shared", null, null, null);
  private static final ModelCache OWN = new ModelCache(null, "1Gi", null, null);
  private static final ModelSource PVC =
      new ModelSource(new ModelSource.Pvc("weights", "m.gguf"), null, null, null, null);
  private static final ModelSource IMAGE =
      new ModelSource(null, null, new ModelSource.Image("i:1", "/m.gguf"), null, null);

  @Test
  @DisplayName("T-M8 an offline platform refuses what would be fetched, naming source and way out")
  void offlineRefusesWhatIsFetched() {
    for (ModelSource source : List.of(url("http://h/m?sig=x"), hub("m.gguf"), s3("m.gguf"))) {
      assertThat(plan(offline(), Engine.LlamaCpp, source, null))
          .isInstanceOfSatisfying(
              Refusal.class,
              refusal -> {
                assertThat(refusal.reason()).isEqualTo(Reason.Offline);
                assertThat(refusal.message())
                    .contains("offline", "a claim (pvc) or an image")
                    .doesNotContain("sig=x");
              });
    }
    for (ModelSource source : List.of(PVC, IMAGE)) {
      assertThat(plan(offline(), Engine.LlamaCpp, source, null)).isInstanceOf(EnginePlan.class);
    }
  }

  @Test
  @DisplayName("T-M8 an offline platform takes the catalogue's source that needs no network")
  void offlineTakesTheNextSource() {
    var model =
        model(
            List.of(
                new Source(Engine.LlamaCpp, "Q4", url("http://h/m")),
                new Source(Engine.LlamaCpp, "Q4", PVC)));
    var request = request(null, null);
    assertThat(((EnginePlan) planner(offline()).plan(model, MACHINE, request)).source())
        .isEqualTo(PVC);
    assertThat(((EnginePlan) planner(WeightPolicy.OPEN).plan(model, MACHINE, request)).source())
        .isEqualTo(url("http://h/m"));
  }

  @ParameterizedTest(name = "{0} with file {1}: {2}")
  @CsvSource({
    "LlamaCpp, , source.huggingFace.file",
    "VLLM, m.gguf, leave source.huggingFace.file out"
  })
  void theFileBelongsToTheEngine(Engine engine, String file, String words) {
    assertThat(plan(WeightPolicy.OPEN, engine, hub(file), null))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.reason()).isEqualTo(Reason.SourceNotSupported);
              assertThat(refusal.message()).contains(words);
            });
  }

  @Test
  void aCacheForWhatIsNotFetchedIsRefused() {
    for (ModelSource source : List.of(PVC, IMAGE)) {
      assertThat(plan(WeightPolicy.OPEN, Engine.LlamaCpp, source, SHARED))
          .isInstanceOfSatisfying(
              Refusal.class,
              refusal -> assertThat(refusal.reason()).isEqualTo(Reason.CacheNotUsed));
    }
  }

  @Test
  @DisplayName("T-M5 the same weights have the same folder in a shared claim, others another")
  void theFolderTellsSourcesApart() {
    var one = accepted(Engine.VLLM, hub(null), SHARED);
    assertThat(one.claim()).contains("shared");
    assertThat(one.modelPath())
        .startsWith("/models/mistralai-m-7b-")
        .isEqualTo(accepted(Engine.VLLM, hub(null), SHARED).modelPath());
    assertThat(
            List.of(
                one.modelPath(),
                accepted(Engine.LlamaCpp, hub("a.gguf"), SHARED).modelPath(),
                accepted(Engine.LlamaCpp, hub("b.gguf"), SHARED).modelPath(),
                accepted(Engine.LlamaCpp, s3("a.gguf"), SHARED).modelPath(),
                accepted(Engine.LlamaCpp, url("http://h/a.gguf"), SHARED).modelPath(),
                accepted(Engine.LlamaCpp, url("http://i/a.gguf"), SHARED).modelPath()))
        .doesNotHaveDuplicates()
        .allSatisfy(path -> assertThat(path).matches("/models/[a-z0-9][a-z0-9./-]*"));
  }

  @Test
  void aSignatureInTheQueryMakesNoOtherFile() {
    assertThat(accepted(Engine.LlamaCpp, url("http://h/a.gguf?sig=1"), SHARED).modelPath())
        .isEqualTo(accepted(Engine.LlamaCpp, url("http://h/a.gguf?sig=2"), SHARED).modelPath());
  }

  @Test
  void theDeploymentGoesBeforeThePlatform() {
    var platform = new WeightPolicy(false, Optional.of("models"));
    assertThat(((EnginePlan) plan(platform, Engine.VLLM, hub(null), null)).claim())
        .contains("models");
    assertThat(((EnginePlan) plan(platform, Engine.VLLM, hub(null), SHARED)).claim())
        .contains("shared");
    assertThat(((EnginePlan) plan(platform, Engine.VLLM, hub(null), OWN)).claim())
        .contains("own-cache");
    assertThat(((EnginePlan) plan(platform, Engine.LlamaCpp, IMAGE, null)).claim()).isEmpty();
    assertThat(accepted(Engine.VLLM, hub(null), null).claim()).isEmpty();
    assertThat(accepted(Engine.VLLM, hub(null), null).modelPath()).isEqualTo("/models");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "ReadWriteMany, AnyNode",
    "ReadOnlyMany, AnyNode",
    "ReadWriteOnce ReadOnlyMany, AnyNode",
    "ReadWriteOnce, OneNode",
    "ReadWriteOncePod, OnePod",
    ", OneNode"
  })
  @DisplayName("T-M6 access modes say where instances may run; an unknown claim is the strictest")
  void accessModesDecide(String modes, ClaimSharing sharing) {
    assertThat(ClaimSharing.of(Optional.ofNullable(modes).map(words -> List.of(words.split(" ")))))
        .isEqualTo(sharing);
  }

  private static final Machine MACHINE =
      new Machine(
          "cpu",
          "family",
          8,
          new Quantity("8"),
          new Quantity("32Gi"),
          Optional.empty(),
          Map.of(),
          List.of(),
          Optional.empty(),
          BigDecimal.ZERO);

  private static EnginePlan accepted(Engine engine, ModelSource source, ModelCache cache) {
    return (EnginePlan) plan(WeightPolicy.OPEN, engine, source, cache);
  }

  private static PlanResult plan(
      WeightPolicy policy, Engine engine, ModelSource source, ModelCache cache) {
    var model = model(List.of(new Source(engine, "Q4", source)));
    return planner(policy)
        .plan(
            model,
            MACHINE,
            new PlanRequest(
                EngineChoice.valueOf(engine.name()),
                Optional.of(source),
                Optional.empty(),
                Optional.ofNullable(cache),
                "own-cache",
                Optional.empty(),
                List.of()));
  }

  private static PlanRequest request(ModelSource source, ModelCache cache) {
    return new PlanRequest(
        EngineChoice.Auto,
        Optional.ofNullable(source),
        Optional.empty(),
        Optional.ofNullable(cache),
        "own-cache",
        Optional.empty(),
        List.of());
  }

  private static Planner planner(WeightPolicy policy) {
    return new Planner(new EngineImages("llama:1", "vllm:1", "vllm-cpu:1"), policy);
  }

  private static WeightPolicy offline() {
    return new WeightPolicy(true, Optional.empty());
  }

  private static ModelSource url(String address) {
    return new ModelSource(null, new ModelSource.Url(address, null), null, null, null);
  }

  private static ModelSource hub(String file) {
    return new ModelSource(
        null,
        null,
        null,
        new ModelSource.HuggingFace("mistralai/M-7B", "main", file, null, "https://hub"),
        null);
  }

  private static ModelSource s3(String file) {
    return new ModelSource(
        null,
        null,
        null,
        null,
        new ModelSource.S3("bucket", "m", file, null, null, "us-east-1", null));
  }

  private static Model model(List<Source> sources) {
    return Plans.model(Map.of("Q4", 1L << 30), 32, sources);
  }
}
