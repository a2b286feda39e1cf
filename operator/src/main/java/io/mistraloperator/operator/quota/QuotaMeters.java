package io.mistraloperator.operator.quota;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.mistraloperator.api.InferenceQuotaStatus.Usage;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Metrics of quotas, by project and family: {@code mistral_quota_cores_used}, {@code
 * mistral_quota_cores_limit} and {@code mistral_quota_denied_total}.
 */
@Singleton
public class QuotaMeters {
  private final MeterRegistry registry;
  private final MultiGauge used;
  private final MultiGauge limit;
  private final Map<String, List<Usage>> projects = new TreeMap<>();

  public QuotaMeters(MeterRegistry registry) {
    this.registry = registry;
    this.used =
        MultiGauge.builder("mistral.quota.cores.used")
            .description("Cores that deployments of a project have reserved")
            .register(registry);
    this.limit =
        MultiGauge.builder("mistral.quota.cores.limit")
            .description("Cores that deployments of a project may reserve")
            .register(registry);
  }

  /** What a project uses now. */
  synchronized void usage(String project, List<Usage> families) {
    if (!families.equals(projects.put(project, families))) {
      publish();
    }
  }

  /** A project has no ledger any more. */
  synchronized void forget(String project) {
    if (projects.remove(project) != null) {
      publish();
    }
  }

  /** A demand did not fit. */
  void denied(Demand demand) {
    registry
        .counter(
            "mistral.quota.denied",
            Tags.of("project", demand.holder().namespace(), "family", demand.family()))
        .increment();
  }

  private void publish() {
    List<Row<?>> usedRows = new ArrayList<>();
    List<Row<?>> limitRows = new ArrayList<>();
    projects.forEach(
        (project, families) ->
            families.forEach(
                family -> {
                  var tags = Tags.of("project", project, "family", family.name());
                  usedRows.add(Row.of(tags, family.used()));
                  limitRows.add(Row.of(tags, family.limit()));
                }));
    used.register(usedRows, true);
    limit.register(limitRows, true);
  }
}
