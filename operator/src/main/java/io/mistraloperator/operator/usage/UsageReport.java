package io.mistraloperator.operator.usage;

import io.mistraloperator.api.UsageStatus;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;

/** Makes what a status tells of use. */
public final class UsageReport {
  private static final BigDecimal HOUR = BigDecimal.valueOf(3600);

  private UsageReport() {}

  /**
   * The month of a time.
   *
   * @param currency of the prices
   */
  public static UsageStatus of(Meter meter, Instant now, String currency) {
    var amount = meter.inMonthOf(now);
    return new UsageStatus(
        Meter.month(now).toString(),
        hours(amount.seconds()),
        hours(amount.coreSeconds()),
        amount.gpuSeconds() == 0 ? null : hours(amount.gpuSeconds()),
        amount.cost().signum() == 0
            ? null
            : amount.cost().setScale(2, RoundingMode.HALF_EVEN).toPlainString() + " " + currency,
        meter.asOf().toString());
  }

  private static String hours(long seconds) {
    return BigDecimal.valueOf(seconds).divide(HOUR, 2, RoundingMode.HALF_EVEN).toPlainString();
  }
}
