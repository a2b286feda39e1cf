package io.mistraloperator.operator.quota;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.mistraloperator.api.InferenceQuotaStatus.Usage;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Metrics of quotas, by namespace and name of the quota and by family: {@code
 * mistral_quota_cores_used}, {@code mistral_quota_cores_limit} and {@code
 * mistral_quota_denied_total}.
 */
@Singleton
public class QuotaMeters {
  private final MeterRegistry registry;
  private final MultiGauge used;
  private final MultiGauge limit;
  private final Map<Account, List<Usage>> accounts = new HashMap<>();

  public QuotaMeters(MeterRegistry registry) {
    this.registry = registry;
    this.used =
        MultiGauge.builder("mistral.quota.cores.used")
            .description("Cores that are reserved of a quota")
            .register(registry);
    this.limit =
        MultiGauge.builder("mistral.quota.cores.limit")
            .description("Cores that may be reserved of a quota")
            .register(registry);
  }

  /** What is used of an account now. */
  synchronized void usage(Account account, List<Usage> families) {
    if (!families.equals(accounts.put(account, families))) {
      publish();
    }
  }

  /** An account has no ledger any more. */
  synchronized void forget(Account account) {
    if (accounts.remove(account) != null) {
      publish();
    }
  }

  /** A demand did not fit. */
  void denied(Demand demand) {
    registry
        .counter(
            "mistral.quota.denied",
            tags(demand.holder().namespace(), demand.account(), demand.family()))
        .increment();
  }

  private void publish() {
    List<Row<?>> usedRows = new ArrayList<>();
    List<Row<?>> limitRows = new ArrayList<>();
    accounts.forEach(
        (account, families) ->
            families.forEach(
                family -> {
                  var tags = tags(account.namespace(), account, family.name());
                  usedRows.add(Row.of(tags, family.used()));
                  limitRows.add(Row.of(tags, family.limit()));
                }));
    used.register(usedRows, true);
    limit.register(limitRows, true);
  }

  private static Tags tags(String project, Account account, String family) {
    return Tags.of("project", project, "quota", account.name(), "family", family);
  }
}
