package io.mistraloperator.operator.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mistraloperator.api.Autoscaling;
import io.mistraloperator.api.AutoscalingStatus;
import io.mistraloperator.api.AutoscalingStatus.Reason;
import io.mistraloperator.api.ScalingSchedule;
import io.mistraloperator.operator.scaling.LoadReport.EndpointLoad;
import io.mistraloperator.operator.scaling.Scaling.Observed;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of a deployment, and how often. */
class FollowedTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Autoscaling SPEC =
      new Autoscaling(0, 3, 10, 100, 10, 10, 200, 10, null, null);

  private final List<Reason> changes = new ArrayList<>();
  private final Gateways gateways = new Gateways();
  private Followed followed = follow(Optional.empty());
  private Instant now = START;

  private Followed follow(Optional<AutoscalingStatus> before) {
    return follow(before, Optional.empty());
  }

  private Followed follow(Optional<AutoscalingStatus> before, Optional<Integer> replicas) {
    return new Followed(SPEC, 4, before, replicas, new Observed.NotYet(), START, changes::add);
  }

  @Test
  @DisplayName("T-Z1: a new deployment runs once, so that what is wrong with it shows")
  void beginsWithOne() {
    assertThat(followed.told().status())
        .isEqualTo(new AutoscalingStatus(1, 1, 0, 10, Reason.Started, null, null));
    assertThat(looks(5, 10)).as("nothing runs yet").isZero();
  }

  @ParameterizedTest
  @DisplayName("what a spec asked for stays until load decides, within the new bounds")
  @CsvSource({"0, 1", "2, 2", "5, 3"})
  void beginsWithWhatIsThere(int instances, int desired) {
    assertThat(follow(Optional.empty(), Optional.of(instances)).told().status().desired())
        .isEqualTo(desired);
  }

  @ParameterizedTest
  @DisplayName(
      "T-Z4: a process that ended between carrying out and telling is gone on from what it did")
  @CsvSource({"1, 0, 0", "1, 3, 3", "0, 1, 1", "3, 2, 3", "2, 2, 2"})
  void goesOnFromWhatWasDone(int told, int replicas, int desired) {
    var status = new AutoscalingStatus(told, told, 0, 10, Reason.Load, START.toString(), null);
    followed = follow(Optional.of(status), Optional.of(replicas));
    assertThat(followed.keepTo(SPEC, START).status().desired()).isEqualTo(desired);
  }

  @Test
  @DisplayName("numbers are told every half minute, and only when they have changed")
  void tellsNumbersSeldom() {
    run(1);
    assertThat(looks(0, 1)).as("the gateways answer").isOne();
    assertThat(looks(0, 25)).isZero();
    assertThat(looks(5, 60)).as("the mean changes all the time at first").isEqualTo(2);
    assertThat(looks(5, 300)).isZero();
    assertThat(followed.told().status().load()).isEqualTo(5);
  }

  @Test
  @DisplayName("a decision is told at once, with its reason and time, and counted once")
  void tellsDecisionsAtOnce() {
    run(1);
    looks(0, 1);
    assertThat(looks(15, 10)).isOne();
    var status = followed.told().status();
    assertThat(status.desired()).isEqualTo(2);
    assertThat(status.reason()).isEqualTo(Reason.Load);
    assertThat(Instant.parse(status.lastScaleTime())).isAfter(START).isBeforeOrEqualTo(now);
    assertThat(changes).containsExactly(Reason.Load);
  }

  @Test
  @DisplayName("idle time is told after a minute, and a process that starts anew goes on from it")
  void tellsIdleTime() {
    run(1);
    looks(0, 59);
    assertThat(followed.told().status().idleSince()).isNull();
    looks(0, 2);
    assertThat(followed.told().status().idleSince()).isEqualTo(START.toString());

    followed = follow(Optional.of(followed.told().status()));
    run(1);
    looks(0, 38);
    assertThat(followed.told().status().desired()).isOne();
    looks(0, 1);
    assertThat(followed.told().status().desired()).isZero();
    assertThat(changes).containsExactly(Reason.Idle);
  }

  @Test
  @DisplayName("a schedule starts instances at its hour, and lets them go after it")
  void followsTheClock() {
    var morning = new ScalingSchedule(null, "00:10", "00:20", "UTC", 2);
    var spec = new Autoscaling(0, 3, 10, 100, 10, 10, 200, 10, null, List.of(morning));
    run(1);
    looks(0, 120);
    assertThat(followed.told().status().desired()).isZero();
    followed.keepTo(spec, now);
    assertThat(followed.told().status().desired()).isZero();
    looks(0, 500);
    assertThat(followed.told().status().desired()).isEqualTo(2);
    looks(0, 600);
    assertThat(followed.told().status().desired()).isZero();
  }

  @Test
  @DisplayName("a spec that cannot be read leaves the one in force")
  void keepsWhatItCanRead() {
    var unreadable = new ScalingSchedule(null, "noon", "18:00", "UTC", 2);
    var spec = new Autoscaling(0, 3, 10, 100, 10, 10, 200, 10, null, List.of(unreadable));
    run(1);
    looks(0, 1);
    assertThatThrownBy(() -> followed.keepTo(spec, now)).isInstanceOf(DateTimeException.class);
    assertThat(looks(15, 10)).isOne();
    assertThat(followed.told().status().desired()).isEqualTo(2);
  }

  @Test
  @DisplayName("T-Z2: a start from zero is timed until an instance answers")
  void timesColdStarts() {
    run(1);
    looks(0, 101);
    assertThat(followed.told().atZero()).isTrue();
    run(0);
    looks(3, 1);
    assertThat(followed.told().status().desired()).isOne();
    assertThat(run(0)).isEmpty();
    looks(3, 40);
    assertThat(run(1)).contains(Duration.ofSeconds(40));
    assertThat(run(1)).isEmpty();
  }

  @Test
  @DisplayName("T-Z4: what a status says is told again unchanged until something is decided")
  void goesOnFromAStatus() {
    var status = new AutoscalingStatus(2, 2, 13, 10, Reason.Load, START.toString(), null);
    followed = follow(Optional.of(status));
    assertThat(followed.told().status()).isEqualTo(status);
    assertThat(followed.keepTo(SPEC, START.plusSeconds(5)).status()).isEqualTo(status);
  }

  private Optional<Duration> run(int ready) {
    return followed.run(new Running("chat/blue", 4, ready), now);
  }

  /** Looks each second, and how often there was something to tell. */
  private int looks(int load, int seconds) {
    int told = 0;
    for (int second = 0; second < seconds; second++) {
      now = now.plusSeconds(1);
      var report =
          new LoadReport(
              START.minusSeconds(100),
              Map.of("chat/blue", new EndpointLoad(load, 0, Optional.empty())));
      gateways.hear(List.of(new Answer.Said("a", report)), now);
      told += followed.decide(gateways, now) ? 1 : 0;
    }
    return told;
  }
}
