package io.mistraloperator.operator.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mistraloperator.api.FetchStatus;
import io.mistraloperator.api.FetchStatus.Phase;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a fetcher says, as status. */
class FetchesTest {
  private static final long MIB = 1L << 20;
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  @DisplayName("T-M10 bytes, rate and time to go stand in the status")
  void tellsBytesRateAndTime() {
    var status = status(fetching(1024 * MIB, 4096 * MIB, 100 * MIB), Optional.empty());
    assertThat(status)
        .isEqualTo(
            new FetchStatus(
                "chat-1",
                Phase.Fetching,
                "1.0 GiB of 4.0 GiB (25%), 100 MiB/s, 31 s to go",
                1024 * MIB,
                4096 * MIB,
                100 * MIB,
                31L,
                null,
                null,
                "2026-01-01T00:00:00Z"));
  }

  @ParameterizedTest(name = "{0}, {1}, {2} of {3}: {4}")
  @CsvSource({
    "Preparing, 0, , , finding out what there is to fetch",
    "Fetching, 1048576, , , 1 MiB of unknown size",
    "Fetching, 0, 0, 2097152, '0 KiB of 2 MiB (0%), 0 KiB/s'",
    "Waiting, 1048576, 1048576, 2097152, '1 MiB of 2 MiB (50%), 1 MiB/s, 1 s to go'",
  })
  void saysOnlyWhatIsKnown(Phase phase, long done, Long rate, Long total, String summary) {
    var status = status(new FetchProgress(phase, done, total, rate, 60, ""), Optional.empty());
    assertThat(status.summary()).isEqualTo(summary);
    assertThat(status.phase()).isEqualTo(phase);
  }

  @ParameterizedTest(name = "{0} MiB/s for {1} s, slow before: {2}")
  @CsvSource({
    "19, 60, false, true",
    "19, 10, false, false",
    "21, 60, false, false",
    "21, 60, true, true",
    "26, 60, true, false",
    "0, 60, false, true",
  })
  @DisplayName("T-M10 a slow fetch is told after it has been measured, and not to and fro")
  void tellsOfSlowFetches(long rate, int seconds, boolean before, boolean slow) {
    var progress =
        new FetchProgress(Phase.Fetching, 5 * MIB, 4096 * MIB, rate * MIB, seconds, null);
    var known =
        Optional.of(
            new FetchStatus(
                "chat-1", null, "", 0L, null, null, null, null, before ? true : null, ""));
    assertThat(status(progress, known).slow()).isEqualTo(slow ? true : null);
  }

  @Test
  @DisplayName("T-M10 what was seen of the same instance within ten seconds is not asked again")
  void asksAtMostEveryTenSeconds() {
    var pod = pod("chat-1", "2026-01-01T00:00:00Z", "running: {}");
    var seen = Optional.of(status(fetching(1, 2L, 3L), Optional.empty()));
    assertThat(Fetches.fresh(seen, pod, NOW.plusMillis(9_999))).isTrue();
    assertThat(Fetches.fresh(seen, pod, NOW.plusSeconds(10))).isFalse();
    assertThat(Fetches.fresh(Optional.empty(), pod, NOW)).isFalse();
    assertThat(Fetches.fresh(seen, pod("chat-2", "2026-01-01T00:00:00Z", "running: {}"), NOW))
        .isFalse();
  }

  @Test
  @DisplayName("T-M10 of several instances the one that has been at it longest is told")
  void takesTheOldestThatFetches() {
    var done = pod("chat-0", "2026-01-01T00:00:00Z", "terminated: {exitCode: 0}");
    var old = pod("chat-9", "2026-01-01T00:00:01Z", "running: {}");
    var young = pod("chat-1", "2026-01-01T00:00:02Z", "running: {}");
    var copies = pod("chat-2", "2026-01-01T00:00:00Z", "running: {}");
    copies.getSpec().getInitContainers().getFirst().setPorts(List.of());
    assertThat(Fetches.oldest(List.of(done, young, old, copies))).contains(old);
    assertThat(Fetches.oldest(List.of(done, copies))).isEmpty();
  }

  private static FetchStatus status(FetchProgress progress, Optional<FetchStatus> before) {
    return Fetches.status(
        pod("chat-1", "2026-01-01T00:00:00Z", "running: {}"), progress, before, NOW, 20 * MIB);
  }

  private static FetchProgress fetching(long done, Long total, Long rate) {
    return new FetchProgress(Phase.Fetching, done, total, rate, 60, "");
  }

  private static Pod pod(String name, String created, String state) {
    return Serialization.unmarshal(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, creationTimestamp: "%s"}
        spec:
          containers: []
          initContainers: [{name: model, ports: [{name: progress, containerPort: 8090}]}]
        status:
          podIP: 10.0.0.1
          initContainerStatuses: [{name: model, state: {%s}}]
        """
            .formatted(name, created, state),
        Pod.class);
  }
}
