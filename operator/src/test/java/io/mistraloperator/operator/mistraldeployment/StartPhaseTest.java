package io.mistraloperator.operator.mistraldeployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartPhaseTest {
  private static final String STARTED =
      """
      metadata: {uid: p, creationTimestamp: '2026-01-01T10:00:00Z'}
      status:
        conditions:
          - {type: PodScheduled, status: 'True', lastTransitionTime: '2026-01-01T10:00:03Z'}
          - {type: Ready, status: 'True', lastTransitionTime: '2026-01-01T10:05:00Z'}
        initContainerStatuses:
          - {name: fetch, state: {terminated: {startedAt: '2026-01-01T10:00:10Z', finishedAt: '2026-01-01T10:02:10Z'}}}
        containerStatuses:
          - {name: engine, restartCount: 0, state: {running: {startedAt: '2026-01-01T10:02:40Z'}}}
      """;

  private static Pod pod(String yaml) {
    return Serialization.unmarshal(yaml, Pod.class);
  }

  @Test
  @DisplayName("the phases of a start add up to the time until the instance answers")
  void dividesAStart() {
    assertThat(StartPhase.of(pod(STARTED)).orElseThrow().took())
        .isEqualTo(
            Map.of(
                StartPhase.Schedule,
                Duration.ofSeconds(3),
                StartPhase.Image,
                Duration.ofSeconds(37),
                StartPhase.Fetch,
                Duration.ofSeconds(120),
                StartPhase.Load,
                Duration.ofSeconds(140)));
  }

  @ParameterizedTest
  @DisplayName("what is not ready, or was started again, has no start to tell of")
  @ValueSource(strings = {"type: Ready, status: 'False'", "restartCount: 1"})
  void knowsFirstStartsAlone(String other) {
    String field = other.startsWith("type") ? "type: Ready, status: 'True'" : "restartCount: 0";
    assertThat(StartPhase.of(pod(STARTED.replace(field, other)))).isEmpty();
  }
}
