package io.mistraloperator.operator.inferencequota;

import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.mistraloperator.api.InferenceQuota;
import io.mistraloperator.api.InstanceType;
import io.mistraloperator.operator.catalogue.Catalogue;
import io.mistraloperator.operator.kube.Caches;
import io.mistraloperator.operator.kube.TrimmedItemStore;
import io.mistraloperator.operator.quota.QuotaBook;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Conducts one pass over a quota: the ledger is settled by its limits. Deployments write into the
 * same ledger by themselves.
 */
@ControllerConfiguration(
    name = "inferencequota",
    informer = @Informer(itemStore = TrimmedItemStore.class),
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = 5, timeUnit = TimeUnit.MINUTES))
@GradualRetry(maxAttempts = -1, initialInterval = 1000, intervalMultiplier = 2, maxInterval = 60000)
public class InferenceQuotaReconciler implements Reconciler<InferenceQuota> {
  private final QuotaBook quotas;

  public InferenceQuotaReconciler(QuotaBook quotas) {
    this.quotas = quotas;
  }

  @Override
  public List<EventSource<?, InferenceQuota>> prepareEventSources(
      EventSourceContext<InferenceQuota> context) {
    return InferenceQuotaEventSources.all(context, quotas::lost);
  }

  @Override
  public UpdateControl<InferenceQuota> reconcile(
      InferenceQuota quota, Context<InferenceQuota> context) {
    if (!quota.isMarkedForDeletion()) {
      var types = new Caches<>(context).list(InstanceType.class).toList();
      quotas.refresh(quota, Catalogue.of(List.of(), types).cpuFamilies());
    }
    return UpdateControl.noUpdate();
  }
}
