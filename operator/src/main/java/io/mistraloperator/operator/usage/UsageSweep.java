package io.mistraloperator.operator.usage;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mistraloperator.api.InstanceType;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.operator.catalogue.Catalogue;
import io.mistraloperator.operator.kube.Labels;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Counts the instances of deployments that are gone to their end. */
@Singleton
public class UsageSweep {
  private final KubernetesClient client;
  private final UsageBook book;
  private final Set<String> leaving = ConcurrentHashMap.newKeySet();

  public UsageSweep(KubernetesClient client, UsageBook book) {
    this.client = client;
    this.book = book;
  }

  /** A deployment is gone; its instances go now. */
  public void left(MistralDeployment gone) {
    leaving.add(gone.getMetadata().getNamespace());
  }

  /** Looks where deployments have just left. */
  public void follow() {
    Set.copyOf(leaving).stream()
        .filter(project -> settle(book.of(project)))
        .forEach(leaving::remove);
  }

  /** Looks at every ledger once. */
  public void sweep() {
    book.all().forEach(this::settle);
  }

  /** Whether all instances of deployments that are gone have ended. */
  private boolean settle(ProjectUsage usage) {
    if (usage.meters().isEmpty() && usage.rest().isEmpty()) {
      return true;
    }
    String project = usage.project();
    Set<String> living =
        client.resources(MistralDeployment.class).inNamespace(project).list().getItems().stream()
            .map(deployment -> deployment.getMetadata().getUid())
            .collect(Collectors.toSet());
    Map<String, Meter> gone = new TreeMap<>(usage.meters());
    gone.keySet().removeAll(living);
    boolean settled = true;
    for (var entry : gone.entrySet()) {
      if (!entry.getValue().isIdle()) {
        settled &= count(project, entry.getKey(), entry.getValue());
      }
    }
    if (!gone.isEmpty() || usage.rest().isPresent()) {
      book.tidy(project, gone.keySet());
    }
    return settled;
  }

  private boolean count(String project, String uid, Meter meter) {
    var owner = new Labels.Owner("MistralDeployment", project, meter.deployment(), uid);
    List<Pod> pods =
        client
            .pods()
            .inNamespace(project)
            .withLabel(Labels.MANAGED_BY, Labels.OPERATOR)
            .withLabel(Labels.COMPONENT, Labels.ENGINE)
            .list()
            .getItems()
            .stream()
            .filter(pod -> Labels.owner(pod).equals(Optional.of(owner)))
            .toList();
    var types = client.resources(InstanceType.class).list().getItems();
    return book.close(
            owner, meter.model(), Sightings.of(pods, Catalogue.of(List.of(), types), "unknown"))
        .map(Meter::isIdle)
        .orElse(true);
  }
}
