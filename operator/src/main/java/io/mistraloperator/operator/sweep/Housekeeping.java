package io.mistraloperator.operator.sweep;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mistraloperator.operator.config.Leadership;
import io.mistraloperator.operator.tls.TlsAuthority;
import io.mistraloperator.operator.usage.UsageSweep;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/** What the leading replica does by the clock: once as soon as it leads, then every few minutes. */
@Singleton
public class Housekeeping {
  private static final Logger LOG = Logger.getLogger(Housekeeping.class);
  private static final Duration INTERVAL = Duration.ofMinutes(5);

  private final Leadership leadership;
  private final TlsAuthority tls;
  private final OrphanSweep orphans;
  private final PoolSweep pools;
  private final QuotaSweep quotas;
  private final UsageSweep usage;
  private final Clock clock;
  private Optional<Instant> last = Optional.empty();

  public Housekeeping(
      Leadership leadership,
      TlsAuthority tls,
      OrphanSweep orphans,
      PoolSweep pools,
      QuotaSweep quotas,
      UsageSweep usage,
      Clock clock) {
    this.leadership = leadership;
    this.tls = tls;
    this.orphans = orphans;
    this.pools = pools;
    this.quotas = quotas;
    this.usage = usage;
    this.clock = clock;
  }

  /** Does what is due. */
  @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  public void tick() {
    Instant now = clock.instant();
    boolean due = last.map(then -> !now.isBefore(then.plus(INTERVAL))).orElse(true);
    if (!leadership.isLeading()) {
      return;
    }
    try {
      usage.follow();
      if (!due) {
        return;
      }
      tls.refresh();
      orphans.sweep();
      pools.sweep();
      quotas.sweep();
      usage.sweep();
      last = Optional.of(now);
    } catch (KubernetesClientException e) {
      LOG.warnf("Housekeeping failed and is tried again: %s", e.getMessage());
    }
  }
}
