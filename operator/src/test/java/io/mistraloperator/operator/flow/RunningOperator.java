package io.mistraloperator.operator.flow;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.operator.config.Leadership;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.config.TolerantObjectMapper;
import io.mistraloperator.operator.diagnosis.Warnings;
import io.mistraloperator.operator.fetch.FetchWatch;
import io.mistraloperator.operator.fetch.Fetches;
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
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The whole operator inside the test, with interceptors between it and a real API server. */
final class RunningOperator implements AutoCloseable {
  /** A computer that is busy with other tests answers late. */
  private static final int PATIENCE_MILLIS = 60_000;

  /** Setting of these tests: where fetchers tell their progress. */
  static final String PROGRESS_PORT = "test.progress-port";

  private final KubernetesClient client;
  private final Operator operator;
  private final Housekeeping housekeeping;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Leadership leadership;
  private final Autoscaler autoscaler;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Calls calls;
  private final MeterRegistry meters = new SimpleMeterRegistry();

  /**
   * Where the time comes from.
   *
   * @param load of looks at the load
   * @param own of the operator's node
   * @param server of the API server; empty: its own
   */
  private record Clocks(Clock load, Clock own, Optional<Clock> server) {}

  private RunningOperator(
      ApiServer server,
      String platform,
      Map<String, String> settings,
      Clocks clocks,
      Interceptor... more) {
    calls = new Calls(platform);
    client = client(server, more);
    var config = config(platform, settings);
    var clock = clocks.own();
    var random = new SecureRandom();
    var owners = new LivingOwners(client);
    var routes = new RouteBook(client, config, owners, new RouteReaders(client, config));
    var departed = new Departed();
    var applier = new Applier(client, departed);
    var statusWriter = new StatusWriter(client);
    var events = new EventRecorder(client, clock);
    var tls = new TlsAuthority(client, config, clock, random);
    var pools = new PoolSweep(client, config, applier);
    leadership =
        new Leadership(config) {
          @Override
          protected void leave() {
            operator.stop();
          }
        };
    var quotas =
        new QuotaBook(
            client,
            config,
            new EngineCensus(client, config),
            new QuotaMeters(meters),
            departed,
            clock);
    var usage =
        new UsageBook(client, config, new UsageMeters(meters, config, clock), departed, clock);
    var usageSweep = new UsageSweep(client, usage);
    var quotaSweep = new QuotaSweep(client, quotas);
    var keys = new KeySecrets(client, applier, new KeyGenerator(random), clock);
    var departures =
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
    var publisher = new EndpointPublisher(config, keys, routes, tls, applier);
    housekeeping =
        new Housekeeping(
            leadership,
            tls,
            new OrphanSweep(client, config, routes),
            pools,
            quotaSweep,
            usageSweep,
            clock);
    autoscaler =
        new Autoscaler(
            new LoadPoller(new GatewayPods(client, config), config),
            new ScalingMeters(meters),
            leadership,
            departed,
            clocks.load());
    operator =
        new Operator(
            overrider ->
                overrider
                    .withKubernetesClient(client)
                    .withMetrics(MicrometerMetricsV2.newBuilder(meters).build())
                    .withCloseClientOnStop(false)
                    .withReconciliationTerminationTimeout(Duration.ofSeconds(5))
                    // As the program is set; but one that is to die does not try until the time is
                    // up.
                    .withStopOnInformerErrorDuringStartup(
                        Arrays.stream(more).anyMatch(Death.class::isInstance))
                    .withLeaderElectionConfiguration(leadership.electionConfiguration()));
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
            new FetchWatch(new ProgressReader(progressPort(settings)), clock, config),
            usage,
            new DeploymentMeters(meters, departed, clock),
            new Expiry(client, events, clock, serverClock(clocks, config)),
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

  /**
   * Starts an operator.
   *
   * @param platform the platform namespace; no other operator may use it at the same time
   */
  static RunningOperator start(ApiServer server, String platform, Interceptor... more) {
    return start(server, platform, Map.of(), more);
  }

  /** Starts an operator with settings of its own. */
  static RunningOperator start(
      ApiServer server, String platform, Map<String, String> settings, Interceptor... more) {
    return start(server, platform, settings, new FastClock(), more);
  }

  /** Starts an operator that has the time from elsewhere. */
  static RunningOperator start(
      ApiServer server, String platform, Clock own, Clock ofServer, Interceptor... more) {
    var loadClock = new FastClock();
    return start(
        server,
        platform,
        Map.of(),
        loadClock,
        new Clocks(loadClock, own, Optional.of(ofServer)),
        more);
  }

  /** Starts an operator whose looks at the load have a clock of their own. */
  static RunningOperator start(
      ApiServer server,
      String platform,
      Map<String, String> settings,
      FastClock loadClock,
      Interceptor... more) {
    return start(
        server,
        platform,
        settings,
        loadClock,
        new Clocks(loadClock, Clock.systemUTC(), Optional.empty()),
        more);
  }

  private static RunningOperator start(
      ApiServer server,
      String platform,
      Map<String, String> settings,
      FastClock loadClock,
      Clocks clocks,
      Interceptor... more) {
    var running = new RunningOperator(server, platform, settings, clocks, more);
    try {
      running.operator.start();
    } catch (RuntimeException e) {
      running.close();
      throw e;
    }
    running.timer.scheduleWithFixedDelay(running.housekeeping::tick, 0, 200, TimeUnit.MILLISECONDS);
    running.timer.scheduleWithFixedDelay(
        () -> {
          loadClock.tick();
          running.autoscaler.tick();
        },
        0,
        10,
        TimeUnit.MILLISECONDS);
    return running;
  }

  Calls calls() {
    return calls;
  }

  /** Passes over deployments that succeeded. */
  double passes() {
    return meters
        .find("reconciliations.success.total")
        .tag("controller.name", "mistraldeployment")
        .counters()
        .stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  /** What Prometheus would read. */
  MeterRegistry meters() {
    return meters;
  }

  private KubernetesClient client(ApiServer server, Interceptor... more) {
    var mapper = new ObjectMapper();
    new TolerantObjectMapper().customize(mapper);
    var target = Config.fromKubeconfig(server.kubeconfig().toFile());
    target.setConnectionTimeout(PATIENCE_MILLIS);
    target.setRequestTimeout(PATIENCE_MILLIS);
    return new KubernetesClientBuilder()
        .withConfig(target)
        .withKubernetesSerialization(new KubernetesSerialization(mapper, true))
        .withHttpClientBuilderConsumer(
            builder -> {
              builder.addOrReplaceInterceptor("calls", calls);
              for (int i = 0; i < more.length; i++) {
                builder.addOrReplaceInterceptor("more-" + i, more[i]);
              }
            })
        .build();
  }

  private ServerClock serverClock(Clocks clocks, OperatorConfig config) {
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

  /** A test that plays the fetcher says where it is. */
  private static int progressPort(Map<String, String> settings) {
    return Integer.parseInt(settings.getOrDefault(PROGRESS_PORT, Integer.toString(Fetches.PORT)));
  }

  private static OperatorConfig config(String platform, Map<String, String> settings) {
    Map<String, String> values = new HashMap<>(settings);
    values.put("mistral.namespace", platform);
    return new SmallRyeConfigBuilder()
        .withMapping(OperatorConfig.class)
        .withDefaultValues(values)
        .build()
        .getConfigMapping(OperatorConfig.class);
  }

  @Override
  public void close() {
    leadership.shutdown(new ShutdownEvent());
    timer.shutdownNow();
    operator.stop();
    timer.close();
    executor.close();
    client.close();
    Calls.save();
  }
}
