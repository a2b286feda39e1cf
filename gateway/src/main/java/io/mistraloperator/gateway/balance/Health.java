package io.mistraloperator.gateway.balance;

import java.time.Duration;

/**
 * What is known of an instance that failed of late. After some failures in a row it is left out for
 * a while; then one request may try it, and its outcome decides. Each further time is twice as
 * long. Times are nanoseconds of one clock.
 *
 * @param failures in a row
 * @param ejections times that it was left out in a row
 * @param until end of the time that it is left out
 * @param probed whether the one request that may try it is on its way
 */
record Health(int failures, int ejections, long until, boolean probed) {
  /** Failures in a row after which an instance is left out. */
  static final int MOST_FAILURES = 3;

  static final Duration FIRST_EJECTION = Duration.ofSeconds(5);
  static final Duration LONGEST_EJECTION = Duration.ofMinutes(1);

  /** Nothing bad is known. */
  static final Health GOOD = new Health(0, 0, 0, false);

  /** Whether the instance may get a request. */
  boolean available(long now) {
    return failures < MOST_FAILURES || (now - until >= 0 && !probed);
  }

  /** Whether the instance is left out, or on trial. */
  boolean ejected() {
    return failures >= MOST_FAILURES;
  }

  /** A request goes to it. */
  Health picked(long now) {
    return ejected() && now - until >= 0 ? new Health(failures, ejections, until, true) : this;
  }

  /** That request ended without telling anything. */
  Health undecided() {
    return new Health(failures, ejections, until, false);
  }

  /** A request failed. */
  Health failed(long now) {
    if (ejected() && now - until < 0) {
      // An older request: it tells nothing new.
      return this;
    }
    if (failures + 1 < MOST_FAILURES) {
      return new Health(failures + 1, ejections, until, false);
    }
    Duration doubled = FIRST_EJECTION.multipliedBy(1L << Math.min(ejections, 10));
    Duration out = doubled.compareTo(LONGEST_EJECTION) < 0 ? doubled : LONGEST_EJECTION;
    return new Health(MOST_FAILURES, ejections + 1, now + out.toNanos(), false);
  }
}
