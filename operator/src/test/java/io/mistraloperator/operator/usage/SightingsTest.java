package io.mistraloperator.operator.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mistraloperator.api.InstanceType;
import io.mistraloperator.operator.catalogue.Catalogue;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SightingsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private static final Catalogue CATALOGUE =
      Catalogue.of(
          List.of(),
          List.of(
              Serialization.unmarshal(
                  """
                  apiVersion: mistraloperator.io/v1alpha1
                  kind: InstanceType
                  metadata: {name: a100}
                  spec: {family: a100, cores: 24, memory: 220Gi, price: {perCoreHour: "0.5"}}
                  """,
                  InstanceType.class)));

  private static List<Sighting> read(String metadata, String status) {
    return Sightings.of(
        List.of(
            Serialization.unmarshal(
                """
                metadata: {uid: p, labels: {mistraloperator.io/instance-type: a100}%s}
                spec:
                  containers:
                    - name: engine
                      resources: {limits: {cpu: "24", memory: 220Gi, nvidia.com/gpu: "2"}}
                status: {%s}
                """
                    .formatted(metadata, status),
                Pod.class)),
        CATALOGUE,
        "other");
  }

  private static String scheduled() {
    return "conditions: [{type: PodScheduled, status: 'True', lastTransitionTime: '2026-01-01T10:00:00Z'}, {type: Ready, status: 'False', lastTransitionTime: '2026-01-01T11:00:00Z'}]";
  }

  @Test
  @DisplayName("A22.3 a pod without a node costs nothing; with one, what it has")
  void countsFromTheNode() {
    assertThat(read("", "conditions: [{type: PodScheduled, status: 'False'}]")).isEmpty();
    assertThat(read("", scheduled()))
        .singleElement()
        .returns(Instant.parse("2026-01-01T10:00:00Z"), Sighting::since)
        .satisfies(
            sighting ->
                assertThat(sighting.rate())
                    .returns("a100", Rate::instanceType)
                    .returns(24, Rate::cores)
                    .returns(2, Rate::gpus)
                    .satisfies(rate -> assertThat(rate.pricePerHour()).isEqualByComparingTo("12")));
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("T-B1 a pod is over with its last container, its deadline or what its status says")
  @CsvSource(
      delimiter = '|',
      value = {
        "running                         |                            | 'phase: Running' | false |",
        "a crash is not its end          |                            | 'phase: Running, containerStatuses: [{state: {terminated: {finishedAt: 2026-01-01T11:30:00Z}}}]' | false |",
        "completed                       |                            | 'phase: Failed, containerStatuses: [{state: {terminated: {finishedAt: 2026-01-01T11:30:00Z}}}]' | true | 2026-01-01T11:30:00Z",
        "evicted, without containers     |                            | 'phase: Failed' | true | 2026-01-01T11:00:00Z",
        "told to go, still there         | 2026-01-01T12:00:30Z       | 'phase: Running' | false |",
        "on a node that is lost          | 2026-01-01T11:50:00Z       | 'phase: Running' | true | 2026-01-01T11:50:00Z"
      })
  void endsWith(String what, String deadline, String status, boolean over, Instant end) {
    var sighting =
        read(
                deadline == null ? "" : ", deletionTimestamp: '" + deadline + "'",
                status + ", " + scheduled())
            .getFirst();
    assertThat(sighting.isOver(NOW)).isEqualTo(over);
    if (over) {
      assertThat(sighting.end(NOW)).isEqualTo(end);
    }
  }
}
