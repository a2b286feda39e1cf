package io.mistraloperator.operator.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.api.Autoscaling;
import io.mistraloperator.api.AutoscalingStatus.Reason;
import io.mistraloperator.operator.scaling.Scaler.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What load asks for. Instances should have 10 requests each; the stable window is 60 s, a burst is
 * twice of that within 6 s, fewer go after 300 s, the last one after 600 s.
 */
class ScalerTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Autoscaling SPEC =
      new Autoscaling(0, 8, 10, 600, 60, 10, 200, 300, null, null);

  /** One deployment whose instances answer as soon as they are wanted, unless said otherwise. */
  private static final class Run {
    private ScalingSettings settings = ScalingSettings.of(SPEC, 4, Instant.EPOCH);
    private Instant now = START;
    private Scaler scaler;
    private Optional<Integer> ready = Optional.empty();
    private boolean complete = true;
    private Optional<Instant> lastRequest = Optional.empty();

    Run(int instances) {
      restart(instances, START);
    }

    /** The operator starts with what stands in the status. */
    Run restart(int instances, Instant idleSince) {
      scaler =
          new Scaler(
              new Decision(instances, instances, 0, Reason.Load, Optional.empty()), now, idleSince);
      return this;
    }

    Run settings(Autoscaling spec) {
      settings = ScalingSettings.of(spec, 4, Instant.EPOCH);
      return this;
    }

    Run ready(int instances) {
      ready = Optional.of(instances);
      return this;
    }

    Run complete(boolean all) {
      complete = all;
      return this;
    }

    Run lastRequest(Instant at) {
      lastRequest = Optional.of(at);
      return this;
    }

    /** Time in which the operator sees nothing. */
    Run absent(int seconds) {
      now = now.plusSeconds(seconds);
      return this;
    }

    /** The same load for some time; at the end of it, as many instances are wanted. */
    Run load(int load, int seconds, int desired) {
      for (int second = 0; second < seconds; second++) {
        now = now.plusSeconds(1);
        scaler.decide(
            new Reading(load, complete, lastRequest),
            settings,
            ready.orElse(scaler.decision().desired()),
            now);
      }
      assertThat(scaler.decision().desired())
          .as("at " + Duration.between(START, now))
          .isEqualTo(desired);
      return this;
    }

    Run because(Reason reason) {
      assertThat(scaler.decision().reason()).isEqualTo(reason);
      return this;
    }
  }

  @Test
  @DisplayName("the mean of the stable window decides, rounded up")
  void followsTheMean() {
    new Run(1).load(5, 60, 1).load(15, 30, 1).load(15, 1, 2).because(Reason.Load);
  }

  @Test
  @DisplayName("load before the first sample does not thin the mean")
  void countsFromTheFirstSample() {
    new Run(1).load(15, 1, 2).because(Reason.Load);
  }

  @Test
  @DisplayName("a burst of twice the target within the panic window grows at once")
  void bursts() {
    new Run(1).load(5, 60, 1).load(40, 6, 4).because(Reason.Burst);
  }

  @Test
  @DisplayName("in a burst the number only grows, and for a stable window after it")
  void holdsAfterABurst() {
    var spec = new Autoscaling(0, 8, 10, 600, 60, 10, 200, 0, null, null);
    new Run(1)
        .settings(spec)
        .ready(1)
        .load(5, 60, 1)
        .load(40, 6, 4)
        .load(0, 60, 4)
        .load(0, 60, 1)
        .because(Reason.Load);
  }

  @Test
  @DisplayName("fewer only after the whole delay has asked for fewer")
  void waitsBeforeItShrinks() {
    new Run(1).load(30, 60, 3).load(5, 300, 3).load(30, 5, 3).load(5, 355, 1);
  }

  @Test
  @DisplayName("the project's bounds hold whatever the load is, and are told as the reason")
  void keepsWithinBounds() {
    new Run(1).load(500, 10, 8).because(Reason.Maximum);
    new Run(2).settings(new Autoscaling(2, 8, 10, 600, 60, 10, 200, 0, null, null)).load(5, 900, 2);
  }

  @Test
  @DisplayName("T-Z1: the last instance goes after the idle time, whatever the delay is")
  void goesToZero() {
    new Run(1).load(5, 10, 1).load(0, 599, 1).load(0, 1, 0).because(Reason.Idle);
    new Run(1).load(30, 60, 3).load(0, 599, 1).load(0, 1, 0);
    new Run(3)
        .settings(new Autoscaling(0, 8, 10, 60, 60, 10, 200, 3600, null, null))
        .load(0, 59, 3)
        .load(0, 1, 0);
  }

  @Test
  @DisplayName("T-Z1: the idle time starts when an instance answers, however long it loads")
  void loadsFiveTimesTheIdleTime() {
    new Run(1).ready(0).load(0, 3000, 1).ready(1).load(0, 599, 1).load(0, 1, 0);
  }

  @Test
  @DisplayName("T-Z1: a request that came and went between two looks counts")
  void countsShortRequests() {
    new Run(1).load(0, 599, 1).lastRequest(START.plusSeconds(300)).load(0, 300, 1).load(0, 1, 0);
  }

  @Test
  @DisplayName("T-Z2: fifty requests at zero wake it once, at once")
  void wakes() {
    new Run(0).ready(0).load(0, 100, 0).load(50, 1, 1).because(Reason.Wake).load(5, 100, 1);
    new Run(0).ready(0).complete(false).load(1, 1, 1).because(Reason.Wake);
  }

  @Test
  @DisplayName("T-Z2: requests that wait ask for as many as they need, within the bounds")
  void wakesForMany() {
    new Run(0).ready(0).load(0, 100, 0).load(50, 60, 5);
  }

  @Test
  @DisplayName("what was asked for before the idle time is not asked for after the wake")
  void forgetsWhatWasBeforeZero() {
    new Run(1)
        .settings(new Autoscaling(0, 8, 10, 60, 60, 10, 200, 3600, null, null))
        .load(40, 60, 4)
        .load(0, 60, 0)
        .load(1, 30, 1);
  }

  @Test
  @DisplayName("T-Z4: restarted while idle, it goes to zero at the time that stood in the status")
  void restartsWhileIdle() {
    new Run(1).load(0, 400, 1).restart(1, START).load(0, 199, 1).load(0, 1, 0);
  }

  @Test
  @DisplayName("T-Z4: restarted while busy, it takes none away before it has seen enough")
  void restartsWhileBusy() {
    new Run(3).load(25, 30, 3).restart(3, START).load(25, 900, 3);
    new Run(3)
        .settings(new Autoscaling(0, 8, 10, 600, 60, 10, 200, 0, null, null))
        .load(5, 60, 3)
        .load(5, 1, 1);
  }

  @Test
  @DisplayName("T-Z4: requests while no operator was there count, as the gateways tell of them")
  void countsRequestsWhileAway() {
    new Run(1)
        .load(0, 100, 1)
        .absent(700)
        .lastRequest(START.plusSeconds(750))
        .load(0, 549, 1)
        .load(0, 1, 0);
  }

  @Test
  @DisplayName("T-Z5: bounds that are raised or lowered hold at once")
  void keepsToNewBounds() {
    var run = new Run(1).load(0, 700, 0);
    assertThat(keepTo(run, 2, 4)).isEqualTo(2);
    assertThat(run.scaler.decision().reason()).isEqualTo(Reason.Minimum);
    assertThat(keepTo(run, 0, 4)).isEqualTo(0);
    run.load(60, 10, 6);
    assertThat(keepTo(run, 0, 4)).isEqualTo(4);
    assertThat(run.scaler.decision().reason()).isEqualTo(Reason.Maximum);
    assertThat(keepTo(run, 0, 8)).isEqualTo(6);
  }

  private static int keepTo(Run run, int min, int max) {
    var spec = new Autoscaling(min, max, 10, 600, 60, 10, 200, 300, null, null);
    return run.scaler.keepTo(ScalingSettings.of(spec, 4, Instant.EPOCH), run.now).desired();
  }

  @Test
  @DisplayName("T-Z8: while a gateway is silent nothing goes, and more may come")
  void silenceTakesNothingAway() {
    new Run(2)
        .load(15, 60, 2)
        .complete(false)
        .load(0, 3000, 2)
        .load(50, 60, 5)
        .complete(true)
        .load(0, 299, 5)
        .load(0, 602, 0);
  }

  @Test
  @DisplayName("T-Z8: after a time that nobody watched, a whole window is watched before any goes")
  void gapsTakeNothingAway() {
    new Run(3)
        .settings(new Autoscaling(1, 8, 10, 600, 60, 10, 200, 0, null, null))
        .load(25, 61, 3)
        .absent(60)
        .load(5, 60, 3)
        .load(5, 1, 1);
  }

  @ParameterizedTest
  @DisplayName("T-Z6: with the default target, an instance that is full is joined by another")
  @ValueSource(ints = {1, 4, 8, 256})
  void scalesByDefault(int concurrency) {
    var run = new Run(1).ready(1);
    run.settings =
        ScalingSettings.of(
            new Autoscaling(1, 2, null, null, null, null, null, null, null, null),
            concurrency,
            Instant.EPOCH);
    run.load(0, 120, 1).load(concurrency + 1, 120, 2);
  }

  @ParameterizedTest
  @DisplayName("T-Z6: the default target is within what an instance works on at once")
  @CsvSource({"1, 1", "2, 1", "4, 2", "8, 5", "256, 179"})
  void defaultTargets(int concurrency, int target) {
    assertThat(ScalingSettings.defaultTarget(concurrency)).isEqualTo(target);
    assertThat(
            ScalingSettings.of(
                new Autoscaling(null, 3, null, null, null, null, null, null, null, null),
                concurrency,
                Instant.EPOCH))
        .isEqualTo(
            new ScalingSettings(
                1,
                3,
                target,
                Duration.ofMinutes(15),
                Duration.ofMinutes(2),
                Duration.ofSeconds(12),
                2,
                Duration.ofMinutes(10)));
  }
}
