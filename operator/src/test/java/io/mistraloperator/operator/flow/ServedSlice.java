package io.mistraloperator.operator.flow;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** What the EndpointSlice controller makes of the Service of an engine. */
public final class ServedSlice {
  private ServedSlice() {}

  /**
   * The slice of an engine.
   *
   * @param ready instances that are ready, from 0
   */
  public static EndpointSlice of(Deployment engine, int ready) {
    Map<String, String> labels = new TreeMap<>(engine.getMetadata().getLabels());
    labels.put("kubernetes.io/service-name", engine.getMetadata().getName());
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withName(engine.getMetadata().getName() + "-slice")
        .withNamespace(engine.getMetadata().getNamespace())
        .withLabels(labels)
        .endMetadata()
        .withAddressType("IPv4")
        .addNewPort()
        .withName("http")
        .withPort(8080)
        .endPort()
        .withEndpoints(IntStream.range(0, ready).mapToObj(ServedSlice::endpoint).toList())
        .build();
  }

  private static Endpoint endpoint(int number) {
    return new EndpointBuilder()
        .withAddresses(List.of("10.0.0." + (number + 1)))
        .withNewConditions()
        .withReady(true)
        .withServing(true)
        .withTerminating(false)
        .endConditions()
        .build();
  }
}
