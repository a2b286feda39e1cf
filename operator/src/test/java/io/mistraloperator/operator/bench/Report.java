package io.mistraloperator.operator.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Collects what was measured and tells it, and which bounds it is beyond (T-T5). */
final class Report {
  /** Processor time of a pass's own thread, for 99 of a hundred. */
  private static final Duration MOST_WORK = Duration.ofMillis(100);

  private static final int MOST_MEBIBYTES = 400;
  private static final Duration LONGEST_FAILOVER = Duration.ofSeconds(20);

  /** Calls at rest in a minute, but for those of the lease. */
  private static final double MOST_CALLS = 12;

  private static final Pattern CALL =
      Pattern.compile(".*[{,]resource=\"(?<resource>[^\"]*)\".*[{,]verb=\"(?<verb>[^\"]*)\".*");

  private final List<Phase.Line> lines = new ArrayList<>();
  private final List<String> facts = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();
  private final Map<String, Double> calls = new TreeMap<>();

  void add(Phase.Line line) {
    lines.add(line);
    System.out.println(line);
    bound(
        line.worked().compareTo(MOST_WORK) <= 0,
        "while %s, p99 of work is %d ms",
        line.name(),
        line.worked().toMillis());
    bound(line.most() <= MOST_MEBIBYTES, "while %s, memory is %d MiB", line.name(), line.most());
  }

  /** Bounds that do not hold, in words; empty when all do. */
  List<String> broken() {
    return List.copyOf(broken);
  }

  private void bound(boolean holds, String otherwise, Object... values) {
    if (!holds) {
      broken.add(otherwise.formatted(values));
    }
  }

  /**
   * Calls at rest.
   *
   * @param calls what the API server got
   * @param idle what it got in {@code idleTime} while there was no operator
   */
  void atRest(Samples calls, Samples idle, Duration time, Duration idleTime) {
    double share = (double) time.toMillis() / idleTime.toMillis();
    calls
        .bySeries()
        .forEach(
            (series, count) ->
                this.calls.merge(
                    call(series),
                    count - share * idle.bySeries().getOrDefault(series, 0.0),
                    Double::sum));
    this.calls.values().removeIf(count -> Math.round(count) <= 0);
    double all = this.calls.values().stream().mapToDouble(Double::doubleValue).sum();
    double ofLease =
        this.calls.entrySet().stream()
            .filter(entry -> entry.getKey().endsWith(" leases"))
            .mapToDouble(Map.Entry::getValue)
            .sum();
    fact(
        "At rest the API server gets %d calls in %d s from the operator, %d of them for the leader's lease.",
        Math.round(all), time.toSeconds(), Math.round(ofLease));
    double minutes = time.toSeconds() / 60.0;
    bound(
        all - ofLease <= MOST_CALLS * minutes,
        "at rest there are %.0f calls a minute besides those for the lease",
        (all - ofLease) / minutes);
  }

  private static String call(String series) {
    var call = CALL.matcher(series);
    return call.matches() ? call.group("verb") + " " + call.group("resource") : series;
  }

  /** Which objects were written. */
  void written(String when, Map<String, String> before, Map<String, String> after) {
    var changed = new TreeMap<>(after);
    changed.entrySet().removeAll(before.entrySet());
    var gone = new TreeMap<>(before);
    gone.keySet().removeAll(after.keySet());
    fact(
        "Of %d objects %d were written or removed %s.%s",
        before.size(),
        changed.size() + gone.size(),
        when,
        changed.isEmpty() ? "" : " First: " + changed.firstKey());
    bound(
        changed.isEmpty() && gone.isEmpty(),
        "%d objects were written or removed %s",
        changed.size() + gone.size(),
        when);
  }

  void failover(Duration led, Duration passed) {
    fact(
        "After the leader's sudden death the other replica leads within %.1f s, and has looked at every deployment within %.1f s.",
        seconds(led), seconds(passed));
    bound(led.compareTo(LONGEST_FAILOVER) <= 0, "the failover took %.1f s", seconds(led));
  }

  void start(Duration took) {
    fact("A start has looked at every deployment within %.1f s.", seconds(took));
  }

  private void fact(String format, Object... values) {
    facts.add(format.formatted(values));
    System.out.println(facts.getLast());
  }

  String text(int size, int projects) {
    var text = new StringBuilder();
    text.append(
        """
        # Performance of the operator

        %d deployments in %d projects, the packaged operator with the image's flags and the heap that the chart's memory limit gives it, on an API server with
        etcd and nothing behind it: a stand-in reports pods and engines as ready at once. Operator, API server, etcd and stand-in share %d cores, so times
        are too long rather than too short.

        Made by `make bench-operator`, which fails where p99 of work is above %d ms, memory above %d MiB, a failover above %d s, where an object is written at
        rest or by a replica that takes over, or where there are more than %.0f calls a minute at rest besides those for the lease.

        """
            .formatted(
                size,
                projects,
                Runtime.getRuntime().availableProcessors(),
                MOST_WORK.toMillis(),
                MOST_MEBIBYTES,
                LONGEST_FAILOVER.toSeconds(),
                MOST_CALLS));
    facts.forEach(fact -> text.append("* ").append(fact).append('\n'));
    text.append(
        """

        ## Passes

        A pass is one reconciliation of a deployment; its time is that of `reconciliations_execution_duration_seconds`, the API server's answers
        included, as the upper bound of the bucket. Work is the processor time of the pass's own thread (`mistral_reconcile_processor_seconds`), so without
        waiting for the API server. Processor time is that of the whole process.

        | while | took | passes | p50 at most | p99 at most | p99 of work at most | processor time | resident | most |
        |---|---|---|---|---|---|---|---|---|
        """);
    lines.forEach(line -> text.append(row(line)).append('\n'));
    text.append(
        """

        ## Calls at rest

        | call | times |
        |---|---|
        """);
    calls.forEach((call, count) -> text.append("| %s | %d |\n".formatted(call, Math.round(count))));
    return text.toString();
  }

  private static String row(Phase.Line line) {
    String passes =
        line.passes() == 0
            ? "| | | |"
            : "| %d ms | %d ms | %d ms |"
                .formatted(line.p50().toMillis(), line.p99().toMillis(), line.worked().toMillis());
    return String.format(
        Locale.ROOT,
        "| %s | %.0f s | %d %s %.1f s | %d MiB | %d MiB |",
        line.name(),
        seconds(line.took()),
        line.passes(),
        passes,
        seconds(line.processor()),
        line.resident(),
        line.most());
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
