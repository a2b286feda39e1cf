package io.mistraloperator.operator.kube;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mistraloperator.operator.config.OperatorConfig;
import jakarta.inject.Singleton;
import java.time.Instant;

/**
 * The time as the API server has it, by which every object was stamped. It is asked where a wrong
 * clock of the operator's own node would destroy something.
 */
@Singleton
public class ServerClock {
  private final KubernetesClient client;
  private final OperatorConfig config;

  public ServerClock(KubernetesClient client, OperatorConfig config) {
    this.client = client;
    this.config = config;
  }

  /** The present time, in whole seconds, as an object would be stamped that is never stored. */
  public Instant instant() {
    var probe =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withGenerateName("clock-")
            .withNamespace(config.namespace())
            .endMetadata()
            .build();
    return Instant.parse(
        client.resource(probe).dryRun().create().getMetadata().getCreationTimestamp());
  }
}
