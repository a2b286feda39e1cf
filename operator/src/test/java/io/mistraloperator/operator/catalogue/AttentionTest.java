package io.mistraloperator.operator.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.api.MistralModelSpec;
import io.mistraloperator.api.MistralModelSpec.Footprint;
import io.mistraloperator.operator.catalogue.Attention.ByHeads;
import io.mistraloperator.operator.catalogue.Attention.Evenly;
import io.mistraloperator.operator.catalogue.Attention.WholeOnEach;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one token takes of the KV cache, and how GPUs share it. */
class AttentionTest {
  private static final ChartCatalogue CHART = ChartCatalogue.read();

  @ParameterizedTest(name = "{0}: {1} KiB for a token, {2} GiB for {3} tokens")
  @CsvSource({
    "mistralai-Mistral-7B-Instruct-v02, 128, 4, 32768",
    "mistralai-Mixtral-8x7B-Instruct-v01, 128, 4, 32768",
    "mistralai-Mixtral-8x22B-Instruct-v0-1, 224, 14, 65536",
    "Mistral-Nemo, 160, 20, 131072",
    "Pixtral-12B-2409, 160, 20, 131072",
    "Codestral-22B-v0.1, 224, 7, 32768",
    "Mistral-Small-2409, 224, 7, 32768",
    "mistral-small-2503, 160, 20, 131072",
    "Magistral-Small-2509, 160, 20, 131072",
    "Devstral-Small-2507, 160, 20, 131072",
    "mistral-large-2407, 352, 44, 131072",
    "Pixtral-Large-Instruct-2411, 352, 44, 131072",
    "Ministral-8B, 144, 18, 131072",
    "Ministral-3-3B-Instruct-2512, 104, 26, 262144",
    "Ministral-3-8B-Instruct-2512, 136, 34, 262144",
    "Ministral-3-14B-Instruct-2512, 160, 40, 262144",
    "Voxtral-Mini-3B-2507, 120, 3.75, 32768",
    "Mistral-Medium-3.5-128B, 352, 88, 262144",
    "Devstral-2-123B-Instruct-2512, 352, 88, 262144",
    "Mistral-Small-4-119B-2603, 22.5, 5.625, 262144",
    "Mistral-Large-3, 68.625, 17.15625, 262144",
  })
  void cacheOfAToken(String id, double kib, double gib, int context) {
    var model = Model.of(CHART.entry(id)).orElseThrow();
    assertThat(model.attention().kvBytesPerToken()).isEqualTo((long) (kib * 1024));
    assertThat(model.contextLength()).isEqualTo(context);
    assertThat((double) model.attention().kvBytesPerToken() * context / (1L << 30)).isEqualTo(gib);
  }

  @ParameterizedTest(name = "{0} heads, {1} of them for keys, {2} GPUs: {3}, {4} times")
  @CsvSource({
    "32, 8, 1, 1, 1",
    "32, 8, 3, 2, 1",
    "32, 8, 4, 4, 1",
    "32, 8, 8, 8, 1",
    "32, 8, 16, 16, 2",
    "48, 8, 6, 4, 1",
    "96, 8, 12, 8, 1",
    "40, 8, 5, 4, 1",
  })
  void gpusShareHeads(int heads, int kvHeads, int gpus, int shared, int copies) {
    var attention = new Attention(heads, 1, new ByHeads(kvHeads));
    assertThat(attention.share(gpus)).isEqualTo(shared);
    assertThat(attention.copies(shared)).isEqualTo(copies);
  }

  @Test
  void latentAttentionIsWholeOnEachGpu() {
    var attention = new Attention(128, 1, new WholeOnEach());
    assertThat(attention.share(8)).isEqualTo(8);
    assertThat(attention.copies(8)).isEqualTo(8);
  }

  @Test
  void anEntryMayTellTheBytesThemselves() {
    var footprint = new Footprint(List.of(), 4096L, null, 12);
    assertThat(Attention.of(footprint)).contains(new Attention(12, 4096, new Evenly()));
    assertThat(new Attention(12, 4096, new Evenly()).share(8)).isEqualTo(6);
  }

  @Test
  void whatDoesNotTellTheCacheCannotBeRead() {
    var halfShape = new MistralModelSpec.Attention(32, 8, null, null);
    assertThat(Attention.of(new Footprint(List.of(), null, null, 12))).isEmpty();
    assertThat(Attention.of(new Footprint(List.of(), null, halfShape, 12))).isEmpty();
  }
}
