package io.mistraloperator.operator.bench;

import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.operator.process.OperatorProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A replica of the packaged operator, run as its image and chart run it, and what it says of
 * itself.
 */
record Replica(OperatorProcess process) implements AutoCloseable {
  /** The heap is the share of the chart's memory limit that the image takes. */
  private static final List<String> FLAGS =
      List.of("-XX:+UseCompactObjectHeaders", "-XX:+UseSerialGC", "-Xmx174m");

  private static final String WORK = "mistral_reconcile_processor_seconds";
  private static final String PASSES = "reconciliations_execution_duration_seconds";
  private static final String DEPLOYMENTS = "controller_name=\"mistraldeployment\"";

  /** Linux counts processor time in hundredths of a second. */
  private static final int TICKS_A_SECOND = 100;

  static Replica start(ApiServer server, String platform) {
    return new Replica(
        OperatorProcess.start(
            server.kubeconfig(),
            platform,
            FLAGS,
            Map.of("MISTRAL_QUOTA_CPU", "1000000", "MALLOC_ARENA_MAX", "2")));
  }

  boolean isReady() {
    return process.status("/q/health/ready") == 200;
  }

  Samples samples() {
    return Samples.of(process.get("/q/metrics"));
  }

  /** Passes over deployments that came to their end. */
  static double passes(Samples samples) {
    return samples.sum(PASSES + "_count", DEPLOYMENTS);
  }

  /** Passes of all kinds that have begun, or wait to. */
  static double begun(Samples samples) {
    return samples.sum("reconciliations_started_total") + samples.sum("reconciliations_queue");
  }

  /** How long a share of the passes over deployments took at most. */
  static Duration took(double quantile, Samples samples) {
    return Duration.ofNanos(
        (long) Math.min(1e9 * samples.atMost(quantile, PASSES, DEPLOYMENTS), Long.MAX_VALUE));
  }

  /** How long the thread of a share of the passes worked at most. */
  static Duration worked(double quantile, Samples samples) {
    return Duration.ofNanos((long) Math.min(1e9 * samples.atMost(quantile, WORK), Long.MAX_VALUE));
  }

  /** Memory of the process, in MiB: resident now, and at its most. */
  int memory(String field) {
    try (var lines = Files.lines(proc("status"))) {
      return lines
          .filter(line -> line.startsWith(field + ":"))
          .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Processor time since the start. */
  Duration processor() {
    try {
      String[] fields = Files.readString(proc("stat")).replaceFirst("^.*\\) ", "").split(" ");
      return Duration.ofMillis(
          (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 1000 / TICKS_A_SECOND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path proc(String file) {
    return Path.of("/proc", Long.toString(process.pid()), file);
  }

  @Override
  public void close() {
    process.close();
  }
}
