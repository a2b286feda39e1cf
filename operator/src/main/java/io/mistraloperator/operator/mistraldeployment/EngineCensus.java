package io.mistraloperator.operator.mistraldeployment;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mistraloperator.api.InferenceQuotaStatus.Reservation;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.kube.OwnerReferences;
import io.mistraloperator.operator.quota.Account;
import io.mistraloperator.operator.quota.Census;
import io.mistraloperator.operator.quota.Demand;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Counts engines of living deployments by asking the API server; caches may lag. */
@Singleton
public class EngineCensus implements Census {
  private final KubernetesClient client;
  private final String platform;

  public EngineCensus(KubernetesClient client, OperatorConfig config) {
    this.client = client;
    this.platform = config.namespace();
  }

  @Override
  public List<Reservation> running(Account account) {
    Map<String, MistralDeployment> living =
        deployments(account).stream()
            .filter(deployment -> Account.of(deployment, platform).equals(account))
            .collect(
                Collectors.toMap(
                    deployment -> deployment.getMetadata().getUid(), Function.identity()));
    return living.values().stream()
        .map(deployment -> deployment.getMetadata().getNamespace())
        .distinct()
        .flatMap(project -> engines(project).stream())
        .map(
            engine ->
                OwnerReferences.controllerOf(engine)
                    .map(owner -> living.get(owner.getUid()))
                    .flatMap(owner -> reservation(owner, account, engine)))
        .flatMap(Optional::stream)
        .toList();
  }

  private List<MistralDeployment> deployments(Account account) {
    var all = client.resources(MistralDeployment.class);
    return account.isShared()
        ? all.inAnyNamespace().list().getItems()
        : all.inNamespace(account.namespace()).list().getItems();
  }

  private List<Deployment> engines(String project) {
    return client
        .apps()
        .deployments()
        .inNamespace(project)
        .withLabel(Labels.MANAGED_BY, Labels.OPERATOR)
        .withLabel(Labels.COMPONENT, Labels.ENGINE)
        .list()
        .getItems();
  }

  private static Optional<Reservation> reservation(
      MistralDeployment owner, Account account, Deployment engine) {
    return Sizing.running(owner, account, engine)
        .filter(demand -> demand.instances() > 0)
        .map(Demand::reservation);
  }
}
