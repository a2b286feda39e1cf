package io.mistraloperator.operator.sweep;

import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.ServerlessEndpoint;
import io.mistraloperator.operator.config.Leadership;
import io.mistraloperator.operator.keys.KeySecrets;
import io.mistraloperator.operator.kube.Applier;
import io.mistraloperator.operator.kube.Departed;
import io.mistraloperator.operator.kube.StatusWriter;
import io.mistraloperator.operator.route.RouteBook;
import io.mistraloperator.operator.usage.UsageSweep;
import io.quarkus.virtual.threads.VirtualThreads;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import org.jboss.logging.Logger;

/**
 * Removes the route and the pool of an endpoint whose object is gone, gives its cores back, and has
 * its instances counted to their end. What fails here, or happens while no operator runs, is found
 * by {@link Housekeeping}.
 */
@Singleton
public class Departures {
  private static final Logger LOG = Logger.getLogger(Departures.class);

  private final KeySecrets keys;
  private final RouteBook routes;
  private final PoolSweep pools;
  private final QuotaSweep quotas;
  private final UsageSweep usage;
  private final Applier applier;
  private final StatusWriter statusWriter;
  private final Departed departed;
  private final Leadership leadership;
  private final ExecutorService executor;

  public Departures(
      KeySecrets keys,
      RouteBook routes,
      PoolSweep pools,
      QuotaSweep quotas,
      UsageSweep usage,
      Applier applier,
      StatusWriter statusWriter,
      Departed departed,
      Leadership leadership,
      @VirtualThreads ExecutorService executor) {
    this.keys = keys;
    this.routes = routes;
    this.pools = pools;
    this.quotas = quotas;
    this.usage = usage;
    this.applier = applier;
    this.statusWriter = statusWriter;
    this.departed = departed;
    this.leadership = leadership;
    this.executor = executor;
  }

  /** An object with an endpoint is gone. Returns at once. */
  public void left(CustomResource<?, ?> gone, String endpointName) {
    // First, so that a pass that is under way brings nothing back of what is forgotten.
    departed.add(gone.getMetadata().getUid());
    applier.forget(gone);
    keys.forget(gone);
    statusWriter.forget(gone);
    if (leadership.isLeading()) {
      executor.execute(() -> release(gone, endpointName.toLowerCase(Locale.ROOT)));
    }
  }

  private void release(CustomResource<?, ?> gone, String routeName) {
    try {
      routes.release(gone, routeName);
      switch (gone) {
        case ServerlessEndpoint ignored -> pools.sweep();
        case MistralDeployment deployment -> {
          usage.left(deployment);
          quotas.release(deployment);
        }
        default -> throw new IllegalArgumentException(gone.getKind() + " has no endpoint");
      }
    } catch (KubernetesClientException e) {
      LOG.warnf(
          "What belonged to %s could not be removed now and will be by the next sweep: %s",
          routeName, e.getMessage());
    }
  }
}
