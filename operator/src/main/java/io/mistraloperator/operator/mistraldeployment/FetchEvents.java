package io.mistraloperator.operator.mistraldeployment;

import io.mistraloperator.api.FetchStatus;
import io.mistraloperator.operator.kube.Finding;
import io.mistraloperator.operator.kube.Happening;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells once when weights begin to come slowly or have to be fetched again, whether other instances
 * answer meanwhile or not.
 */
final class FetchEvents {
  private FetchEvents() {}

  /** What is to be told between two statuses. */
  static List<Happening> between(Optional<FetchStatus> before, Optional<FetchStatus> after) {
    List<Happening> told = new ArrayList<>();
    after.ifPresent(
        now -> {
          var then = before.filter(seen -> now.instance().equals(seen.instance()));
          if (FetchFinding.isRetrying(now) && then.filter(FetchFinding::isRetrying).isEmpty()) {
            told.add(happening(FetchFinding.retrying(now), now, then));
          }
          if (FetchFinding.isSlow(now) && then.filter(FetchFinding::isSlow).isEmpty()) {
            told.add(happening(FetchFinding.slow(now), now, then));
          }
        });
    return told;
  }

  /** The same change has the same identity, which is made of what was there before. */
  private static Happening happening(Finding finding, FetchStatus now, Optional<FetchStatus> then) {
    return new Happening(
        true,
        finding.reason().name(),
        now.instance() + ": " + finding.message(),
        String.join(
            "|",
            "fetch",
            finding.reason().name(),
            now.instance(),
            then.map(FetchStatus::observedAt).orElse("")));
  }
}
