package io.mistraloperator.operator.mistraldeployment;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mistraloperator.api.InferenceQuotaStatus.Reservation;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.kube.OwnerReferences;
import io.mistraloperator.operator.quota.Census;
import io.mistraloperator.operator.quota.Cores;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Counts engines of living deployments by asking the API server; caches may lag. */
@Singleton
public class EngineCensus implements Census {
  private final KubernetesClient client;

  public EngineCensus(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public List<Reservation> running(String project) {
    Map<String, MistralDeployment> living =
        client.resources(MistralDeployment.class).inNamespace(project).list().getItems().stream()
            .collect(
                Collectors.toMap(
                    deployment -> deployment.getMetadata().getUid(), Function.identity()));
    return client
        .apps()
        .deployments()
        .inNamespace(project)
        .withLabel(Labels.MANAGED_BY, Labels.OPERATOR)
        .withLabel(Labels.COMPONENT, Labels.ENGINE)
        .list()
        .getItems()
        .stream()
        .map(
            engine ->
                OwnerReferences.controllerOf(engine)
                    .map(owner -> living.get(owner.getUid()))
                    .flatMap(owner -> reservation(owner, engine)))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<Reservation> reservation(MistralDeployment owner, Deployment engine) {
    int instances = Objects.requireNonNullElse(engine.getSpec().getReplicas(), 1);
    return RunningPlan.of(engine)
        .map(RunningPlan::plan)
        .filter(plan -> instances > 0)
        .map(
            plan ->
                new Reservation(
                    owner.getKind(),
                    owner.getMetadata().getName(),
                    owner.getMetadata().getUid(),
                    plan.family(),
                    instances,
                    Cores.needed(instances, plan.cores())));
  }
}
