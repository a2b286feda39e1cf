package io.mistraloperator.operator.sweep;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.mistraloperator.api.InferenceQuota;
import io.mistraloperator.api.InferenceQuotaStatus;
import io.mistraloperator.api.InferenceQuotaStatus.Reservation;
import io.mistraloperator.api.InstanceType;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.operator.catalogue.Catalogue;
import io.mistraloperator.operator.quota.Account;
import io.mistraloperator.operator.quota.QuotaBook;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Gives back the cores of deployments that are gone. */
@Singleton
public class QuotaSweep {
  private static final Logger LOG = Logger.getLogger(QuotaSweep.class);

  private final KubernetesClient client;
  private final QuotaBook quotas;

  public QuotaSweep(KubernetesClient client, QuotaBook quotas) {
    this.client = client;
    this.quotas = quotas;
  }

  /** A deployment is gone. */
  void release(MistralDeployment gone) {
    quotas.depart(gone, cpuFamilies());
  }

  /** Looks at every ledger once. */
  public void sweep() {
    // In this order: a holder that is in a ledger now and is not found afterwards is gone.
    var ledgers = client.resources(InferenceQuota.class).inAnyNamespace().list().getItems();
    if (ledgers.stream().allMatch(quota -> holders(quota).isEmpty())) {
      return;
    }
    Set<String> living =
        client.resources(MistralDeployment.class).inAnyNamespace().list().getItems().stream()
            .map(deployment -> deployment.getMetadata().getUid())
            .collect(Collectors.toSet());
    for (InferenceQuota quota : ledgers) {
      for (String uid : holders(quota)) {
        if (!living.contains(uid)) {
          var account = Account.of(quota);
          LOG.infof(
              "A deployment that is gone has cores of quota %s in %s",
              account.name(), account.namespace());
          quotas.depart(account, uid, cpuFamilies());
        }
      }
    }
  }

  private Set<String> cpuFamilies() {
    return Catalogue.of(List.of(), client.resources(InstanceType.class).list().getItems())
        .cpuFamilies();
  }

  private static Set<String> holders(InferenceQuota quota) {
    InferenceQuotaStatus status = quota.getStatus();
    return status == null
        ? Set.of()
        : Stream.of(status.reservations(), status.waiting())
            .filter(Objects::nonNull)
            .flatMap(Collection::stream)
            .map(Reservation::uid)
            .collect(Collectors.toSet());
  }
}
