package io.mistraloperator.operator.usage;

import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How much one deployment has used (T-B1). Its instances are known by the uids of their pods, so
 * that what is counted once is not counted again, whoever looks and however often.
 *
 * @param deployment its name
 * @param model id of its model
 * @param asOf up to when all is counted
 * @param totals since the deployment was made, by machine type
 * @param months by month in UTC, the present and the last
 * @param running instances that had not ended then
 * @param ended when pods ended of which somebody might still hear
 */
public record Meter(
    String deployment,
    String model,
    Instant asOf,
    SortedMap<String, Amount> totals,
    SortedMap<YearMonth, Amount> months,
    List<Running> running,
    SortedMap<String, Instant> ended) {
  private static final Duration REMEMBERED = Duration.ofDays(1);

  /** Without an event, the ledger is written so often. */
  private static final Duration CHECKPOINT = Duration.ofHours(1);

  /**
   * An instance that has not ended.
   *
   * @param uid of its pod
   * @param since when it was bound to a node
   * @param rate what it has and costs
   */
  public record Running(String uid, Instant since, Rate rate) {}

  /** Of a deployment that has used nothing yet. */
  static Meter of(String deployment, String model, Instant now) {
    return new Meter(
        deployment,
        model,
        now.truncatedTo(ChronoUnit.SECONDS),
        new TreeMap<>(),
        new TreeMap<>(),
        List.of(),
        new TreeMap<>());
  }

  /** Whether it has nothing to tell. */
  boolean isEmpty() {
    return totals.isEmpty() && running.isEmpty();
  }

  /** What was used in the month of a time, as far as it is counted. */
  Amount inMonthOf(Instant time) {
    return months.getOrDefault(month(time), Amount.NONE);
  }

  /**
   * The same with everything counted up to a time.
   *
   * @param present what the pods say that are there
   * @param gone when a pod ended that is not there any more, by uid
   */
  Meter at(Instant time, List<Sighting> present, Function<String, Instant> gone) {
    Instant now = later(time.truncatedTo(ChronoUnit.SECONDS), asOf);
    Map<String, Sighting> seen =
        present.stream().collect(Collectors.toMap(Sighting::uid, Function.identity(), (a, b) -> b));
    var next = new Counting(this, now);
    for (Running instance : running) {
      var sighting = seen.get(instance.uid());
      boolean over = sighting == null || sighting.isOver(now);
      Instant end = !over ? now : sighting == null ? gone.apply(instance.uid()) : sighting.end(now);
      next.count(instance, later(instance.since(), asOf), end, over);
    }
    for (Sighting sighting : present) {
      if (next.isNew(sighting.uid())) {
        var instance = new Running(sighting.uid(), sighting.since(), sighting.rate());
        boolean over = sighting.isOver(now);
        next.count(instance, sighting.since(), over ? sighting.end(now) : now, over);
      }
    }
    return next.meter(seen);
  }

  /** Whether this is worth writing, after what was written. */
  boolean differs(Meter written) {
    return !uids(running).equals(uids(written.running))
        || !written.ended.keySet().containsAll(ended.keySet())
        || !month(asOf).equals(month(written.asOf)) && !isIdle()
        || !running.isEmpty() && !asOf.isBefore(written.asOf.plus(CHECKPOINT));
  }

  /** Whether nothing is running. */
  boolean isIdle() {
    return running.isEmpty();
  }

  /** The same when its deployment is gone and no pass counts for it any more. */
  Meter closed() {
    return isIdle() && !ended.isEmpty()
        ? new Meter(deployment, model, asOf, totals, months, running, new TreeMap<>())
        : this;
  }

  /**
   * A sum of what deployments that are gone have used, with one more; it belongs to none of them.
   *
   * @param gone one on which nothing runs
   */
  static Meter sum(Optional<Meter> before, Meter gone) {
    var sum = before.orElseGet(() -> of("", "", gone.asOf));
    var totals = new TreeMap<>(sum.totals);
    gone.totals.forEach((type, amount) -> totals.merge(type, amount, Amount::plus));
    var months = new TreeMap<>(sum.months);
    gone.months.forEach((month, amount) -> months.merge(month, amount, Amount::plus));
    Instant asOf = later(sum.asOf, gone.asOf);
    months.keySet().removeIf(month -> month.isBefore(month(asOf).minusMonths(1)));
    return new Meter("", "", asOf, totals, months, List.of(), new TreeMap<>());
  }

  /** Whether nobody needs it any more, when its deployment is gone. */
  boolean isPast(Instant now) {
    return isIdle() && month(asOf).isBefore(month(now).minusMonths(1));
  }

  static YearMonth month(Instant time) {
    return YearMonth.from(time.atOffset(ZoneOffset.UTC));
  }

  private static List<String> uids(List<Running> instances) {
    return instances.stream().map(Running::uid).sorted().toList();
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /** One step from a time to a later one. */
  private static final class Counting {
    private final Meter before;
    private final Instant now;
    private final SortedMap<String, Amount> totals;
    private final SortedMap<YearMonth, Amount> months;
    private final SortedMap<String, Instant> ended;
    private final List<Running> running = new ArrayList<>();

    Counting(Meter before, Instant now) {
      this.before = before;
      this.now = now;
      this.totals = new TreeMap<>(before.totals);
      this.months = new TreeMap<>(before.months);
      this.ended = new TreeMap<>(before.ended);
    }

    boolean isNew(String uid) {
      return !ended.containsKey(uid)
          && running.stream().noneMatch(instance -> instance.uid().equals(uid));
    }

    void count(Running instance, Instant from, Instant to, boolean over) {
      Instant end = to.isAfter(now) ? now : to;
      if (end.isAfter(from)) {
        add(instance.rate(), from, end);
      }
      if (over) {
        ended.put(instance.uid(), end);
      } else {
        running.add(instance);
      }
    }

    private void add(Rate rate, Instant from, Instant to) {
      Instant start = from;
      while (start.isBefore(to)) {
        var month = month(start);
        Instant next = month.plusMonths(1).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        Instant end = next.isBefore(to) ? next : to;
        var amount = Amount.of(rate, Duration.between(start, end).toSeconds());
        months.merge(month, amount, Amount::plus);
        totals.merge(rate.instanceType(), amount, Amount::plus);
        start = end;
      }
    }

    Meter meter(Map<String, Sighting> seen) {
      months.keySet().removeIf(month -> month.isBefore(month(now).minusMonths(1)));
      ended
          .entrySet()
          .removeIf(
              pod ->
                  !seen.containsKey(pod.getKey())
                      && pod.getValue().isBefore(now.minus(REMEMBERED)));
      return new Meter(
          before.deployment, before.model, now, totals, months, List.copyOf(running), ended);
    }
  }
}
