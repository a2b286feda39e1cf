package io.mistraloperator.operator.mistraldeployment;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralDeploymentStatus;
import io.mistraloperator.api.SharedQuota;
import io.mistraloperator.operator.kube.ApiErrors;
import io.mistraloperator.operator.kube.EventRecorder;
import io.mistraloperator.operator.kube.Happening;
import io.mistraloperator.operator.kube.ServerClock;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Deletes deployments on the shared quota when their time is over (rows A2.6, D2.26). Two clocks
 * have to say so, since what is deleted does not come back: the operator's own and the API
 * server's, which stamped the creation.
 */
@Singleton
public class Expiry {
  private static final Logger LOG = Logger.getLogger(Expiry.class);

  /** Reasons of events. */
  enum Reason {
    Expired
  }

  private final KubernetesClient client;
  private final EventRecorder events;
  private final Clock clock;
  private final ServerClock serverClock;

  public Expiry(
      KubernetesClient client, EventRecorder events, Clock clock, ServerClock serverClock) {
    this.client = client;
    this.events = events;
    this.clock = clock;
    this.serverClock = serverClock;
  }

  /** Deletes the deployment if its time is over, and tells whether it was. */
  boolean enforce(MistralDeployment deployment, Optional<MistralDeploymentStatus> latest) {
    var lifetime = Lifetime.of(deployment, latest).filter(life -> life.isOver(clock.instant()));
    if (lifetime.isEmpty()) {
      return false;
    }
    var metadata = deployment.getMetadata();
    var serverTime = serverClock.instant();
    if (!lifetime.get().isOver(serverTime)) {
      LOG.warnf(
          "%s/%s is not deleted before %s: the clock of this node is ahead of the API server's, which says %s",
          metadata.getNamespace(), metadata.getName(), lifetime.get().end(), serverTime);
      return false;
    }
    events.record(
        deployment,
        new Happening(
            true,
            Reason.Expired.name(),
            "deleted: its %d hours on the shared quota are over".formatted(SharedQuota.HOURS),
            "expired"));
    delete(deployment);
    return true;
  }

  /** Time until a deployment is to be looked at again; empty when it has no end. */
  Optional<Duration> untilNext(MistralDeployment deployment) {
    return Lifetime.of(deployment, Optional.ofNullable(deployment.getStatus()))
        .map(life -> life.untilNext(clock.instant()));
  }

  private void delete(MistralDeployment deployment) {
    try {
      client.resource(deployment).lockResourceVersion().delete();
    } catch (KubernetesClientException e) {
      if (!ApiErrors.notFound(e)) {
        throw e;
      }
    }
  }
}
