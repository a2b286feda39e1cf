package io.mistraloperator.operator.flow;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.micrometer.core.instrument.MeterRegistry;
import io.mistraloperator.operator.config.Leadership;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.diagnosis.Warnings;
import io.mistraloperator.operator.fetch.FetchWatch;
import io.mistraloperator.operator.fetch.ProgressReader;
import io.mistraloperator.operator.inferencequota.InferenceQuotaReconciler;
import io.mistraloperator.operator.keys.KeyGenerator;
import io.mistraloperator.operator.keys.KeySecrets;
import io.mistraloperator.operator.kube.Applier;
import io.mistraloperator.operator.kube.Claims;
import io.mistraloperator.operator.kube.Departed;
import io.mistraloperator.operator.kube.EventRecorder;
import io.mistraloperator.operator.kube.LivingOwners;
import io.mistraloperator.operator.kube.ServerClock;
import io.mistraloperator.operator.kube.StatusWriter;
import io.mistraloperator.operator.mistraldeployment.DeploymentMeters;
import io.mistraloperator.operator.mistraldeployment.EngineCensus;
import io.mistraloperator.operator.mistraldeployment.Expiry;
import io.mistraloperator.operator.mistraldeployment.MistralDeploymentReconciler;
import io.mistraloperator.operator.quota.QuotaBook;
import io.mistraloperator.operator.quota.QuotaMeters;
import io.mistraloperator.operator.route.EndpointPublisher;
import io.mistraloperator.operator.route.RouteBook;
import io.mistraloperator.operator.route.RouteReaders;
import io.mistraloperator.operator.scaling.Autoscaler;
import io.mistraloperator.operator.scaling.GatewayPods;
import io.mistraloperator.operator.scaling.LoadPoller;
import io.mistraloperator.operator.scaling.ScalingMeters;
import io.mistraloperator.operator.serverlessendpoint.ServerlessEndpointReconciler;
import io.mistraloperator.operator.serverlessendpoint.ServerlessLock;
import io.mistraloperator.operator.sweep.Departures;
import io.mistraloperator.operator.sweep.Housekeeping;
import io.mistraloperator.operator.sweep.OrphanSweep;
import io.mistraloperator.operator.sweep.PoolSweep;
import io.mistraloperator.operator.sweep.QuotaSweep;
import io.mistraloperator.operator.tls.TlsAuthority;
import io.mistraloperator.operator.usage.UsageBook;
import io.mistraloperator.operator.usage.UsageMeters;
import io.mistraloperator.operator.usage.UsageSweep;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The operator's parts, put together as the program does it, with clocks and settings of the test.
 */
final class OperatorParts {
  final Operator operator;
  final Leadership leadership;
  final Housekeeping housekeeping;
  final Autoscaler autoscaler;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final KubernetesClient client;
  private final OperatorConfig config;
  private final Clocks clocks;
  private final MeterRegistry meters;
  private final SecureRandom random = new SecureRandom();
  private final Departed departed = new Departed();
  private final Applier applier;
  private final StatusWriter statusWriter;
  private final EventRecorder events;
  private final LivingOwners owners;
  private final RouteBook routes;
  private final KeySecrets keys;
  private final TlsAuthority tls;
  private final QuotaBook quotas;
  private final UsageBook usage;
  private final EndpointPublisher publisher;
  private final Departures departures;

  /**
   * Where the time comes from.
   *
   * @param load of looks at the load
   * @param own of the operator's node
   * @param server of the API server; empty: its own
   */
  record Clocks(Clock load, Clock own, Optional<Clock> server) {}

  /**
   * Puts them together; nothing runs yet.
   *
   * @param dies whether it is to die, and does not try to start until the time is up
   * @param progressPort where fetchers tell their progress
   */
  OperatorParts(
      KubernetesClient client,
      OperatorConfig config,
      Clocks clocks,
      MeterRegistry meters,
      boolean dies,
      int progressPort) {
    this.client = client;
    this.config = config;
    this.clocks = clocks;
    this.meters = meters;
    Clock clock = clocks.own();
    applier = new Applier(client, departed);
    statusWriter = new StatusWriter(client);
    events = new EventRecorder(client, clock);
    owners = new LivingOwners(client);
    routes = new RouteBook(client, config, owners, new RouteReaders(client, config));
    keys = new KeySecrets(client, applier, new KeyGenerator(random), clock);
    tls = new TlsAuthority(client, config, clock, random);
    quotas =
        new QuotaBook(
            client,
            config,
            new EngineCensus(client, config),
            new QuotaMeters(meters),
            departed,
            clock);
    usage = new UsageBook(client, config, new UsageMeters(meters, config, clock), departed, clock);
    publisher = new EndpointPublisher(config, keys, routes, tls, applier);
    leadership =
        new Leadership(config) {
          @Override
          protected void leave() {
            operator.stop();
          }
        };
    autoscaler =
        new Autoscaler(
            new LoadPoller(new GatewayPods(client, config), config),
            new ScalingMeters(meters),
            leadership,
            departed,
            clocks.load());
    var pools = new PoolSweep(client, config, applier);
    var quotaSweep = new QuotaSweep(client, quotas);
    var usageSweep = new UsageSweep(client, usage);
    departures =
        new Departures(
            keys,
            routes,
            pools,
            quotaSweep,
            usageSweep,
            applier,
            statusWriter,
            departed,
            leadership,
            executor);
    housekeeping =
        new Housekeeping(
            leadership,
            tls,
            new OrphanSweep(client, config, routes),
            pools,
            quotaSweep,
            usageSweep,
            clock);
    operator = operator(dies);
    register(progressPort);
  }

  /** As the program is set, but for what a death needs. */
  private Operator operator(boolean dies) {
    return new Operator(
        overrider ->
            overrider
                .withKubernetesClient(client)
                .withMetrics(MicrometerMetricsV2.newBuilder(meters).build())
                .withCloseClientOnStop(false)
                .withReconciliationTerminationTimeout(Duration.ofSeconds(5))
                .withStopOnInformerErrorDuringStartup(dies)
                .withLeaderElectionConfiguration(leadership.electionConfiguration()));
  }

  private void register(int progressPort) {
    Clock clock = clocks.own();
    operator.register(
        new MistralDeploymentReconciler(
            config,
            applier,
            statusWriter,
            events,
            publisher,
            new Warnings(client, clock),
            quotas,
            departures,
            autoscaler,
            new Claims(client),
            new FetchWatch(new ProgressReader(progressPort), clock, config),
            usage,
            new DeploymentMeters(meters, departed, clock),
            new Expiry(client, events, clock, serverClock()),
            clock));
    operator.register(
        new ServerlessEndpointReconciler(
            config,
            applier,
            statusWriter,
            events,
            publisher,
            new ServerlessLock(client, owners),
            departures,
            clock));
    operator.register(new InferenceQuotaReconciler(quotas));
  }

  private ServerClock serverClock() {
    return clocks
        .server()
        .<ServerClock>map(
            time ->
                new ServerClock(client, config) {
                  @Override
                  public Instant instant() {
                    return time.instant();
                  }
                })
        .orElseGet(() -> new ServerClock(client, config));
  }

  /** Ends what runs beside the operator, once that has stopped. */
  void close() {
    executor.close();
    client.close();
  }
}
