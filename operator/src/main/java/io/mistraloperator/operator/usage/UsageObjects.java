package io.mistraloperator.operator.usage;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mistraloperator.operator.kube.Labels;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * Reads and writes the ledgers: a ConfigMap for each project in the platform's namespace, which has
 * an entry for each deployment by its uid, and one for those that have none of their own any more.
 */
final class UsageObjects {
  private static final Logger LOG = Logger.getLogger(UsageObjects.class);
  private static final String PREFIX = "usage-";

  /** Entry of what deployments that are gone have used together. */
  private static final String REST = "deleted";

  private final KubernetesClient client;
  private final String platform;

  UsageObjects(KubernetesClient client, String platform) {
    this.client = client;
    this.platform = platform;
  }

  /** The ledger of a project, empty where there is none yet. */
  ProjectUsage read(String project) {
    return Optional.ofNullable(
            client.configMaps().inNamespace(platform).withName(PREFIX + project).get())
        .map(UsageObjects::usage)
        .orElseGet(
            () -> new ProjectUsage(project, Optional.empty(), new TreeMap<>(), Optional.empty()));
  }

  /** The ledgers of all projects. */
  List<ProjectUsage> all() {
    return client
        .configMaps()
        .inNamespace(platform)
        .withLabel(Labels.USAGE_OF)
        .list()
        .getItems()
        .stream()
        .sorted(Comparator.comparing(map -> map.getMetadata().getName()))
        .map(UsageObjects::usage)
        .toList();
  }

  /**
   * Writes a ledger if it is still as it was read.
   *
   * @throws KubernetesClientException a conflict when it is not
   */
  ProjectUsage write(ProjectUsage usage) {
    Map<String, String> data = new TreeMap<>();
    usage.meters().forEach((uid, meter) -> data.put(uid, MeterFormat.write(meter)));
    usage.rest().ifPresent(meter -> data.put(REST, MeterFormat.write(meter)));
    var map =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName(PREFIX + usage.project())
            .withNamespace(platform)
            .withLabels(Map.of(Labels.USAGE_OF, usage.project(), Labels.PART_OF, "mistral"))
            .withResourceVersion(usage.version().orElse(null))
            .endMetadata()
            .withData(data)
            .build();
    var written =
        usage.version().isPresent()
            ? client.resource(map).lockResourceVersion().update()
            : client.resource(map).create();
    return usage.at(written.getMetadata().getResourceVersion());
  }

  private static ProjectUsage usage(ConfigMap map) {
    var meters = new TreeMap<String, Meter>();
    Objects.requireNonNullElse(map.getData(), Map.<String, String>of())
        .forEach(
            (uid, json) -> {
              try {
                meters.put(uid, MeterFormat.read(json));
              } catch (JsonProcessingException e) {
                LOG.errorf(
                    "Entry %s of ConfigMap %s cannot be read and counts no more: %s",
                    uid, map.getMetadata().getName(), e.getMessage());
              }
            });
    var rest = Optional.ofNullable(meters.remove(REST));
    return new ProjectUsage(
        map.getMetadata().getName().substring(PREFIX.length()),
        Optional.of(map.getMetadata().getResourceVersion()),
        meters,
        rest);
  }
}
