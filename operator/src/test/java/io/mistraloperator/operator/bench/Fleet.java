package io.mistraloperator.operator.bench;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mistraloperator.api.InferenceQuota;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.testing.ApiServer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Many deployments in several projects, and what people do with them.
 *
 * @param size how many deployments
 */
record Fleet(ApiServer server, List<String> projects, int size) {
  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(
          MistralDeployment.class,
          Deployment.class,
          Pod.class,
          Service.class,
          Secret.class,
          ConfigMap.class,
          NetworkPolicy.class,
          PodDisruptionBudget.class,
          InferenceQuota.class,
          InferenceRoute.class);

  static Fleet in(ApiServer server, int projects, int size) {
    server.kubectl().output("apply", "-f", "src/test/resources/flow/catalogue.yaml");
    return new Fleet(
        server, IntStream.range(0, projects).mapToObj(n -> server.newNamespace()).toList(), size);
  }

  /** Makes all deployments, one after the other. */
  void create() {
    IntStream.range(0, size).forEach(number -> scale(number, 1));
  }

  /** Asks for a number of instances of a deployment. */
  void scale(int number, int instances) {
    server
        .client()
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: mistraloperator.io/v1alpha1
                kind: MistralDeployment
                metadata: {name: %s, namespace: %s}
                spec: {model: Flow-Chat, instanceType: flow-cpu, instances: %d}
                """
                    .formatted(name(number), project(number), instances),
                MistralDeployment.class))
        .fieldManager("people")
        .serverSideApply();
  }

  /** How many instances the engine of a deployment is told to have. */
  int replicas(int number) {
    return server
        .client()
        .apps()
        .deployments()
        .inNamespace(project(number))
        .withName(name(number) + "-engine")
        .get()
        .getSpec()
        .getReplicas();
  }

  /** How many deployments are ready with all that they want. */
  long ready() {
    return server
        .client()
        .resources(MistralDeployment.class)
        .inAnyNamespace()
        .list()
        .getItems()
        .stream()
        .filter(Fleet::isReady)
        .count();
  }

  private static boolean isReady(MistralDeployment deployment) {
    var status = deployment.getStatus();
    return status != null
        && deployment.getMetadata().getGeneration().equals(status.observedGeneration())
        && status.instances() != null
        && deployment.getSpec().instances().equals(status.instances().ready())
        && status.conditions().stream()
            .anyMatch(one -> one.getType().equals("Ready") && one.getStatus().equals("True"));
  }

  /** What changes when anything is written, of every object that belongs to the deployments. */
  Map<String, String> versions() {
    Map<String, String> versions = new TreeMap<>();
    for (Class<? extends HasMetadata> kind : KINDS) {
      for (HasMetadata object :
          server.client().resources(kind).inAnyNamespace().list().getItems()) {
        var metadata = object.getMetadata();
        if (metadata.getNamespace().startsWith("test-")) {
          versions.put(
              object.getKind() + " " + metadata.getNamespace() + "/" + metadata.getName(),
              metadata.getResourceVersion());
        }
      }
    }
    return versions;
  }

  private static String name(int number) {
    return "bench-%03d".formatted(number);
  }

  private String project(int number) {
    return projects.get(number % projects.size());
  }
}
