package io.mistraloperator.gateway.hold;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.gateway.route.Queueing;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("B7, D2.12, T-Z2 go, wait or be refused")
class AdmissionTest {
  private static final Optional<Queueing.Hold> HOLD =
      Optional.of(new Queueing.Hold(3, 100, Duration.ofSeconds(600)));

  private static Queueing terms(Integer perInstance, int patience, boolean hold) {
    return new Queueing(
        perInstance == null ? OptionalInt.empty() : OptionalInt.of(perInstance),
        Duration.ofSeconds(patience),
        hold ? HOLD : Optional.empty());
  }

  private static String word(Admission admission) {
    return switch (admission) {
      case Admission.Go() -> "go";
      case Admission.Wait(Duration atMost) -> "wait " + atMost.toSeconds();
      case Admission.Refuse(var reason) ->
          reason.code().status() + " after " + reason.retryAfter().orElseThrow().toSeconds();
    };
  }

  @ParameterizedTest
  @CsvSource({
    // hold, waiting, their bytes, room, draining
    "false, 0,  0, true,  false, wait 1",
    "false, 199, 99, true, false, wait 1",
    "false, 200, 99, true, false, 503 after 5",
    "false, 9, 67108854, true, false, wait 1",
    "false, 9, 67108855, true, false, 503 after 5",
    "false, 0,  0, false, false, 503 after 5",
    "true,  0,  0, true,  false, wait 600",
    "true,  2, 90, true,  false, wait 600",
    "true,  3, 30, true,  false, 503 after 42",
    "true,  2, 91, true,  false, 503 after 42",
    "true,  0,  0, false, false, 503 after 42",
    "true,  0,  0, true,  true,  503 after 1",
    "false, 0,  0, true,  true,  503 after 5",
  })
  void noInstance(
      boolean hold, int waiting, long bytes, boolean room, boolean draining, String outcome) {
    Admission.Situation now =
        new Admission.Situation(
            0, 0, waiting, waiting, bytes, 10, room, draining, Duration.ofSeconds(42));

    assertThat(word(Admission.of(terms(null, 60, hold), now))).isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource({
    // per instance, patience, instances, running, ahead, room
    ",  60, 1, 9999, 0, true,  go",
    ",  60, 1, 0,    9, true,  wait 5",
    ",  0,  1, 0,    9, true,  wait 5",
    "2, 60, 1, 1,    0, true,  go",
    "2, 60, 1, 2,    0, true,  wait 60",
    "2, 60, 1, 2,    1, true,  wait 60",
    "2, 60, 1, 2,    2, true,  429 after 1",
    "2, 60, 2, 2,    0, true,  go",
    "2, 60, 2, 4,    3, true,  wait 60",
    "2, 60, 2, 4,    4, true,  429 after 1",
    "2, 0,  1, 2,    0, true,  429 after 1",
    "2, 60, 1, 2,    0, false, 429 after 1",
  })
  void someInstances(
      Integer perInstance,
      int patience,
      int instances,
      int running,
      int ahead,
      boolean room,
      String outcome) {
    Admission.Situation now =
        new Admission.Situation(
            instances, running, ahead, ahead, 0, 10, room, false, Duration.ofSeconds(42));

    assertThat(word(Admission.of(terms(perInstance, patience, true), now))).isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource({
    // hold, instances, untried, draining
    "true,  2, 1, false, go",
    "true,  2, 1, true,  go",
    "true,  1, 0, false, wait 5",
    "true,  0, 0, false, wait 600",
    "true,  0, 0, true,  503 after 1",
    "false, 4, 1, false, 503 after 5",
    "false, 0, 0, false, 503 after 5",
  })
  void noneThatCanBeConnectedTo(
      boolean hold, int instances, int untried, boolean draining, String outcome) {
    Admission.Situation now =
        new Admission.Situation(instances, 1, 0, 0, 0, 10, true, draining, Duration.ofSeconds(42));

    assertThat(word(Admission.again(terms(1, 60, hold), now, untried))).isEqualTo(outcome);
  }
}
