package io.mistraloperator.operator.config;

import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.configuration.ConfigUtils;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Whether this replica is the one that writes. A replica that loses the lease leaves at once, since
 * the framework would go on reconciling; a replica that is being stopped does not. Election is
 * active in the production profile only.
 */
@Singleton
public class Leadership {
  private static final Logger LOG = Logger.getLogger(Leadership.class);

  private final AtomicBoolean leading = new AtomicBoolean();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final OperatorConfig config;

  public Leadership(OperatorConfig config) {
    this.config = config;
    leading.set(!ConfigUtils.isProfileActive("prod"));
  }

  /** Whether this replica may write. */
  public boolean isLeading() {
    return leading.get();
  }

  /** How replicas agree which of them writes. */
  @Produces
  @Singleton
  public LeaderElectionConfiguration electionConfiguration() {
    return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(
            config.leaderElection().leaseName())
        .withLeaseNamespace(config.namespace())
        .withIdentity(identity())
        .withLeaderCallbacks(
            new LeaderCallbacks(
                () -> leading.set(true),
                this::lost,
                leader -> LOG.debugf("The lease is held by %s", leader)))
        .build();
  }

  private static String identity() {
    return Optional.ofNullable(System.getenv("HOSTNAME")).orElse("operator")
        + "-"
        + ProcessHandle.current().pid();
  }

  private void lost() {
    leading.set(false);
    if (!stopping.get()) {
      LOG.error("The lease is lost: another replica writes now, this one leaves");
      leave();
    }
  }

  /** Ends the process with a failure. */
  protected void leave() {
    Quarkus.asyncExit(1);
  }

  /** The process is being stopped, so losing the lease is no reason to leave. */
  public void shutdown(
      @Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent event) {
    stopping.set(true);
  }
}
