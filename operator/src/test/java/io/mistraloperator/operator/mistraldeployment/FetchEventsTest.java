package io.mistraloperator.operator.mistraldeployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.api.FetchStatus;
import io.mistraloperator.api.FetchStatus.Phase;
import io.mistraloperator.operator.kube.Happening;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a fetch is worth an event. */
class FetchEventsTest {
  @ParameterizedTest(name = "{0}, {1} then {2}, {3}: {4}")
  @DisplayName("T-M10, T-M1 a fetch that becomes slow, or has to begin again, is told once")
  @CsvSource({
    "a, ok,        a, ok,        ''",
    "a, ok,        a, slow,      FetchSlow",
    "a, slow,      a, slow,      ''",
    "a, slow,      a, ok,        ''",
    "a, ok,        a, retrying,  FetchRetrying",
    "a, retrying,  a, retrying,  ''",
    "a, slow,      a, slow-retrying, FetchRetrying",
    "a, slow-retrying, a, slow,  ''",
    "a, retrying,  a, slow-retrying, FetchSlow",
    "a, slow,      b, slow,      FetchSlow",
    "-, -,         a, slow,      FetchSlow",
    "a, slow,      -, -,         ''",
  })
  void becomesTrouble(String first, String then, String second, String now, String told) {
    var events = FetchEvents.between(fetch(first, then, 1), fetch(second, now, 2));
    assertThat(events.stream().map(Happening::reason)).containsExactly(words(told));
    assertThat(events).allMatch(Happening::warning);
  }

  @Test
  @DisplayName("T-M10 the same change is one event, a later one is another")
  void knowsARepeat() {
    String first =
        FetchEvents.between(fetch("a", "ok", 1), fetch("a", "slow", 2)).getFirst().identity();
    assertThat(FetchEvents.between(fetch("a", "ok", 1), fetch("a", "slow", 3)).getFirst())
        .returns(first, Happening::identity);
    assertThat(
            FetchEvents.between(fetch("a", "ok", 4), fetch("a", "slow", 5)).getFirst().identity())
        .isNotEqualTo(first);
  }

  private static String[] words(String told) {
    return told.isEmpty() ? new String[0] : new String[] {told};
  }

  private static Optional<FetchStatus> fetch(String instance, String state, int second) {
    return instance.equals("-")
        ? Optional.empty()
        : Optional.of(
            new FetchStatus(
                instance,
                Phase.Fetching,
                "1 MiB of 2 MiB",
                1L << 20,
                2L << 20,
                null,
                null,
                state.contains("retrying") ? "no byte in 60 s" : null,
                state.contains("slow") ? true : null,
                "2026-01-01T00:00:%02dZ".formatted(second)));
  }
}
