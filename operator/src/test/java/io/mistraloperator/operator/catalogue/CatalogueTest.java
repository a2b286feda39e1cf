package io.mistraloperator.operator.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.mistraloperator.api.InstanceType;
import io.mistraloperator.api.MistralModel;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of models and machine types. */
class CatalogueTest {
  private final Catalogue catalogue =
      Catalogue.of(
          List.of(
              model("mistralai-Mistral-7B-Instruct-v01", "Mistral-7B-Instruct-v0.1"),
              model("mistralai-Mistral-7B-v01", "Mistral-7B-v0.1"),
              model("Mistral-Nemo", "open-mistral-nemo"),
              model("Mistral-large-2407", "Mistral.Nemo")),
          List.of(type("cpu-8"), type("cpu-4"), type("standard-nc24ads-a100-v4")));

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "mistralai-Mistral-7B-Instruct-v01, mistralai-Mistral-7B-Instruct-v01",
    "MISTRALAI_MISTRAL_7B_INSTRUCT_V0.1, mistralai-Mistral-7B-Instruct-v01",
    "mistral-7b-instruct-v0-1, mistralai-Mistral-7B-Instruct-v01",
    "Mistral Nemo, Mistral-Nemo",
    "mistral.nemo, Mistral-Nemo",
  })
  void findsModelsByIdThenByAlias(String name, String id) {
    assertThat(catalogue.model(name)).map(Model::id).contains(id);
  }

  @Test
  void namesTheNearestModels() {
    assertThat(catalogue.model("Mistral-Memo")).isEmpty();
    assertThat(catalogue.noSuchModel("Mistral-Memo"))
        .startsWith("there is no model \"Mistral-Memo\"")
        .contains("the nearest are ")
        .contains("Mistral-Nemo");
  }

  @Test
  void namesTheNearestMachineTypes() {
    assertThat(catalogue.machine("cpu-4")).isPresent();
    assertThat(catalogue.machine("cpu-16")).isEmpty();
    assertThat(catalogue.noSuchMachine("cpu-16"))
        .isEqualTo(
            "there is no instance type \"cpu-16\" in the catalogue; the nearest are cpu-4, cpu-8,"
                + " standard-nc24ads-a100-v4 (see 'kubectl get instancetypes')");
  }

  @Test
  @DisplayName("D2 machine sizes are found as Azure writes them")
  void findsMachineTypesAsAzureWritesThem() {
    assertThat(catalogue.machine("Standard_NC24ads_A100_v4"))
        .map(Machine::name)
        .contains("standard-nc24ads-a100-v4");
  }

  @Test
  void leavesOutWhatItCannotRead() {
    assertThat(Catalogue.of(List.of(new MistralModel()), List.of()).noSuchModel("x"))
        .isEqualTo("there is no model \"x\": the catalogue has none");
  }

  private static MistralModel model(String id, String alias) {
    return Serialization.unmarshal(
        """
        apiVersion: mistraloperator.io/v1alpha1
        kind: MistralModel
        metadata: {name: any}
        spec:
          id: %s
          aliases: [%s]
          task: ChatCompletions
          contextLength: 8192
          tokenizer: v1
          footprint:
            weights: [{precision: BF16, size: 1Gi}]
            kvBytesPerToken: 1024
            attentionHeads: 8
          deployment: {managed: true}
        """
            .formatted(id, alias),
        MistralModel.class);
  }

  private static InstanceType type(String name) {
    return Serialization.unmarshal(
        """
        apiVersion: mistraloperator.io/v1alpha1
        kind: InstanceType
        metadata: {name: %s}
        spec: {family: f, cores: 4, memory: 8Gi}
        """
            .formatted(name),
        InstanceType.class);
  }
}
