package io.mistraloperator.operator.flow;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.config.TolerantObjectMapper;
import io.mistraloperator.operator.fetch.Fetches;
import io.mistraloperator.operator.flow.OperatorParts.Clocks;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The whole operator inside the test, with interceptors between it and a real API server. */
final class RunningOperator implements AutoCloseable {
  /** A computer that is busy with other tests answers late. */
  private static final int PATIENCE_MILLIS = 60_000;

  /** Setting of these tests: where fetchers tell their progress. */
  static final String PROGRESS_PORT = "test.progress-port";

  private final OperatorParts parts;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Calls calls;
  private final MeterRegistry meters = new SimpleMeterRegistry();

  private RunningOperator(
      ApiServer server,
      String platform,
      Map<String, String> settings,
      Clocks clocks,
      Interceptor... more) {
    calls = new Calls(platform);
    parts =
        new OperatorParts(
            client(server, more),
            config(platform, settings),
            clocks,
            meters,
            Arrays.stream(more).anyMatch(Death.class::isInstance),
            progressPort(settings));
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
      running.parts.operator.start();
    } catch (RuntimeException e) {
      running.close();
      throw e;
    }
    running.timer.scheduleWithFixedDelay(
        running.parts.housekeeping::tick, 0, 200, TimeUnit.MILLISECONDS);
    running.timer.scheduleWithFixedDelay(
        () -> {
          loadClock.tick();
          running.parts.autoscaler.tick();
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
    parts.leadership.shutdown(new ShutdownEvent());
    timer.shutdownNow();
    parts.operator.stop();
    timer.close();
    parts.close();
    Calls.save();
  }
}
