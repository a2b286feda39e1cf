package io.mistraloperator.operator.sweep;

import io.mistraloperator.operator.config.Leadership;
import io.mistraloperator.operator.sweep.Duties.Duty;
import io.mistraloperator.operator.tls.TlsAuthority;
import io.mistraloperator.operator.usage.UsageSweep;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** What the leading replica does by the clock: once as soon as it leads, then every few minutes. */
@Singleton
public class Housekeeping {
  private static final Duration INTERVAL = Duration.ofMinutes(5);

  private final Leadership leadership;
  private final Duties duties;

  public Housekeeping(
      Leadership leadership,
      TlsAuthority tls,
      OrphanSweep orphans,
      PoolSweep pools,
      QuotaSweep quotas,
      UsageSweep usage,
      Clock clock) {
    this.leadership = leadership;
    this.duties =
        new Duties(
            clock,
            List.of(
                new Duty("use of deployments that have just left", Duration.ZERO, usage::follow),
                new Duty("certificates", INTERVAL, tls::refresh),
                new Duty("routes", INTERVAL, orphans::sweep),
                new Duty("pools", INTERVAL, pools::sweep),
                new Duty("quotas", INTERVAL, quotas::sweep),
                new Duty("use", INTERVAL, usage::sweep)));
  }

  /** Does what is due. */
  @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  public void tick() {
    if (leadership.isLeading()) {
      duties.tick();
    }
  }
}
