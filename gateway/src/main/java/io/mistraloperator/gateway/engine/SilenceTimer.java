package io.mistraloperator.gateway.engine;

import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.chat.RequestLimits;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Watches how long an instance is silent: up to its first event, then between events. Time during
 * which nobody reads its answer does not count. Bound to one event loop.
 */
final class SilenceTimer {
  /** Time, and how to be told when some of it has passed. */
  interface Ticker {
    /** Nanoseconds since some moment. */
    long nanos();

    /** Runs {@code action} later, on the same thread; the result takes that back. */
    Runnable after(Duration delay, Runnable action);

    /** The time of {@code vertx}. */
    static Ticker of(Vertx vertx) {
      return new Ticker() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public Runnable after(Duration delay, Runnable action) {
          // A delay below one millisecond is refused.
          long timer = vertx.setTimer(delay.toMillis() + 1, due -> action.run());
          return () -> vertx.cancelTimer(timer);
        }
      };
    }
  }

  private final RequestLimits limits;
  private final Ticker ticker;
  private final Consumer<Refusal> late;
  private Optional<Runnable> alarm = Optional.empty();
  private boolean begun;
  private boolean held;
  private long since;

  /**
   * Makes a timer; it does not run.
   *
   * @param late told once, when the instance was silent for too long
   */
  SilenceTimer(RequestLimits limits, Ticker ticker, Consumer<Refusal> late) {
    this.limits = limits;
    this.ticker = ticker;
    this.late = late;
  }

  /** The instance has the request. */
  void start() {
    since = ticker.nanos();
    // By the shorter limit: the first event, after which another holds, need not set it anew.
    arm(shortest());
  }

  /** The instance said something. */
  void heard() {
    since = ticker.nanos();
    begun = true;
  }

  /** Nobody reads what the instance says. */
  void hold() {
    held = true;
    stop();
  }

  /** It is read again. */
  void goOn() {
    if (held) {
      held = false;
      start();
    }
  }

  /** Nothing is told any more, unless started again. */
  void stop() {
    alarm.ifPresent(Runnable::run);
    alarm = Optional.empty();
  }

  private Duration shortest() {
    Duration between = limits.betweenTokens();
    return begun || between.compareTo(limits.firstToken()) < 0 ? between : limits.firstToken();
  }

  private Duration limit() {
    return begun ? limits.betweenTokens() : limits.firstToken();
  }

  private void arm(Duration delay) {
    stop();
    alarm = Optional.of(ticker.after(delay, this::due));
  }

  /** One alarm serves many events: it looks when the last one was, and waits for the rest. */
  private void due() {
    alarm = Optional.empty();
    Duration left = limit().minusNanos(ticker.nanos() - since);
    if (left.isPositive()) {
      arm(left);
      return;
    }
    late.accept(
        Refusal.of(
            ErrorCode.GATEWAY_TIMEOUT,
            begun
                ? "The model fell silent in the middle of its answer; try again."
                : "The model did not begin to answer in time; try again."));
  }
}
