package io.mistraloperator.operator.usage;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The ledger of a project.
 *
 * @param project its namespace
 * @param version of the object that holds it; empty when there is none yet
 * @param meters by uid of their deployments
 * @param rest sum of deployments that are gone and have no meter of their own any more
 */
record ProjectUsage(
    String project,
    Optional<String> version,
    SortedMap<String, Meter> meters,
    Optional<Meter> rest) {
  /** Deployments that are gone and have a meter of their own: with them an object stays small. */
  static final int MOST_GONE = 500;

  /** The same with another meter. */
  ProjectUsage with(String uid, Meter meter) {
    var changed = new TreeMap<>(meters);
    changed.put(uid, meter);
    return new ProjectUsage(project, version, changed, rest);
  }

  /**
   * The same without what nobody needs any more of deployments that are gone. Of those on which
   * nothing runs the latest keep their meters, and the others are summed up.
   *
   * @param gone uids of deployments, of which no pass counts any more
   */
  ProjectUsage tidied(Set<String> gone, Instant now) {
    var kept = new TreeMap<>(meters);
    kept.entrySet()
        .removeIf(entry -> gone.contains(entry.getKey()) && entry.getValue().isPast(now));
    kept.replaceAll((uid, meter) -> gone.contains(uid) ? meter.closed() : meter);
    var sum = rest.filter(meter -> !meter.isPast(now));
    List<Map.Entry<String, Meter>> idle =
        kept.entrySet().stream()
            .filter(entry -> gone.contains(entry.getKey()) && entry.getValue().isIdle())
            .map(Map.Entry::copyOf)
            .sorted(Comparator.comparing(entry -> entry.getValue().asOf()))
            .toList();
    for (var oldest : idle.subList(0, Math.max(0, idle.size() - MOST_GONE))) {
      sum = Optional.of(Meter.sum(sum, oldest.getValue()));
      kept.remove(oldest.getKey());
    }
    return kept.equals(meters) && sum.equals(rest)
        ? this
        : new ProjectUsage(project, version, kept, sum);
  }

  /** The same, as it was written. */
  ProjectUsage at(String written) {
    return new ProjectUsage(project, Optional.of(written), meters, rest);
  }
}
