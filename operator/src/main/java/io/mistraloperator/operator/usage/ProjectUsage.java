package io.mistraloperator.operator.usage;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The ledger of a project.
 *
 * @param project its namespace
 * @param version of the object that holds it; empty when there is none yet
 * @param meters by uid of their deployments
 */
record ProjectUsage(String project, Optional<String> version, SortedMap<String, Meter> meters) {
  /** The same with another meter. */
  ProjectUsage with(String uid, Meter meter) {
    var changed = new TreeMap<>(meters);
    changed.put(uid, meter);
    return new ProjectUsage(project, version, changed);
  }

  /** The same without a meter. */
  ProjectUsage without(String uid) {
    var changed = new TreeMap<>(meters);
    changed.remove(uid);
    return new ProjectUsage(project, version, changed);
  }

  /** The same, as it was written. */
  ProjectUsage at(String written) {
    return new ProjectUsage(project, Optional.of(written), meters);
  }
}
