package io.mistraloperator.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.chat.RequestLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("B7.6 how long an instance may be silent")
class SilenceTimerTest {
  private static final RequestLimits LIMITS =
      new RequestLimits(
          Duration.ofHours(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(10),
          Duration.ofSeconds(2),
          1);

  private final FakeTicker ticker = new FakeTicker();
  private final List<Refusal> late = new ArrayList<>();
  private final SilenceTimer timer = new SilenceTimer(LIMITS, ticker, late::add);

  /** Time that passes when a test says so. */
  private static final class FakeTicker implements SilenceTimer.Ticker {
    private record Alarm(long due, Runnable action) {}

    private final PriorityQueue<Alarm> alarms =
        new PriorityQueue<>((a, b) -> Long.compare(a.due(), b.due()));
    private long now = Long.MAX_VALUE - 5_000_000_000L;

    @Override
    public long nanos() {
      return now;
    }

    @Override
    public Runnable after(Duration delay, Runnable action) {
      Alarm alarm = new Alarm(now + delay.toNanos(), action);
      alarms.add(alarm);
      return () -> alarms.remove(alarm);
    }

    private void pass(long millis) {
      long until = now + millis * 1_000_000;
      while (!alarms.isEmpty() && alarms.peek().due() - until <= 0) {
        Alarm next = alarms.poll();
        now = next.due();
        next.action().run();
      }
      now = until;
    }
  }

  @Test
  void theFirstEventMustComeWithinItsLimit() {
    timer.start();
    ticker.pass(9_999);
    assertThat(late).isEmpty();
    ticker.pass(1);

    assertThat(late).singleElement().extracting(Refusal::code).isEqualTo(ErrorCode.GATEWAY_TIMEOUT);
    assertThat(late.getFirst()).hasMessageContaining("did not begin");
  }

  @Test
  void afterTheFirstEventTheOtherLimitHolds() {
    timer.start();
    ticker.pass(1_000);
    timer.heard();
    ticker.pass(1_999);
    assertThat(late).isEmpty();
    ticker.pass(1);

    assertThat(late).singleElement().asString().contains("middle of its answer");
  }

  @Test
  void everyEventBeginsTheSilenceAnew() {
    timer.start();
    for (int i = 0; i < 100; i++) {
      ticker.pass(1_900);
      timer.heard();
    }
    assertThat(late).isEmpty();
    assertThat(ticker.alarms).hasSize(1);

    ticker.pass(2_000);
    assertThat(late).hasSize(1);
    ticker.pass(60_000);
    assertThat(late).hasSize(1);
  }

  @Test
  void timeInWhichNobodyReadsDoesNotCount() {
    timer.start();
    timer.heard();
    ticker.pass(1_500);
    timer.hold();
    timer.heard();
    ticker.pass(3_600_000);
    timer.goOn();
    ticker.pass(1_999);
    assertThat(late).isEmpty();
    ticker.pass(1);

    assertThat(late).hasSize(1);
  }

  @Test
  void goingOnWithoutAHoldChangesNothing() {
    timer.start();
    timer.heard();
    ticker.pass(1_500);
    timer.goOn();
    ticker.pass(500);

    assertThat(late).hasSize(1);
  }

  @Test
  void aStoppedTimerIsSilent() {
    timer.start();
    timer.stop();
    ticker.pass(3_600_000);

    assertThat(late).isEmpty();
    assertThat(ticker.alarms).isEmpty();
  }
}
