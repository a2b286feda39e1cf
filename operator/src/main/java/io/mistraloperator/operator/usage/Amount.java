package io.mistraloperator.operator.usage;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * An amount of use (row A22.3).
 *
 * @param seconds of instances
 * @param coreSeconds the same times their cores
 * @param gpuSeconds the same times their GPUs
 * @param cost in the platform's currency, to a billionth
 */
public record Amount(long seconds, long coreSeconds, long gpuSeconds, BigDecimal cost) {
  static final Amount NONE = new Amount(0, 0, 0, BigDecimal.ZERO);

  private static final BigDecimal HOUR = BigDecimal.valueOf(3600);
  private static final int SCALE = 9;

  /** One instance for a while. */
  static Amount of(Rate rate, long seconds) {
    return new Amount(
        seconds,
        seconds * rate.cores(),
        seconds * rate.gpus(),
        rate.pricePerHour()
            .multiply(BigDecimal.valueOf(seconds))
            .divide(HOUR, SCALE, RoundingMode.HALF_EVEN)
            .stripTrailingZeros());
  }

  Amount plus(Amount other) {
    return new Amount(
        seconds + other.seconds,
        coreSeconds + other.coreSeconds,
        gpuSeconds + other.gpuSeconds,
        cost.add(other.cost));
  }
}
