package io.mistraloperator.operator.quota;

import io.mistraloperator.api.InferenceQuota;
import io.mistraloperator.api.InferenceQuotaStatus;

/**
 * Why a demand does not fit.
 *
 * @param demand what is wanted
 * @param held cores that its holder has of them
 * @param used cores of the family that are used of the account, those included
 * @param limit cores of the family that the account has
 */
public record Shortage(Demand demand, int held, int used, int limit) {
  /** There is no such account. */
  static Shortage ofNothing(Demand demand) {
    return new Shortage(demand, 0, 0, 0);
  }

  static Shortage of(Demand demand, Ledger ledger, Limits limits) {
    return new Shortage(
        demand,
        ledger.heldBy(demand.holder().uid()).stream()
            .filter(entry -> entry.family().equals(demand.family()))
            .mapToInt(entry -> entry.cores())
            .sum(),
        ledger.used(demand.family()),
        limits.of(demand.family()));
  }

  /** The limit that would do. */
  int sufficient() {
    return used - held + demand.cores();
  }

  /** What is needed, used and allowed, and what to do. */
  public String message() {
    String family = demand.family();
    String project = demand.holder().namespace();
    String needs =
        "needs %d cores of family %s%s: %s"
            .formatted(
                demand.cores(), family, held > 0 ? " and has " + held : "", demand.arithmetic());
    if (demand.account().isShared()) {
      return "%s. The platform shares %d cores of %s with all projects, %d left: short of %d. It starts by itself once they are free; or ask the platform to share more, or make a new deployment without spec.sharedQuota, on the project's own quota"
          .formatted(needs, limit, family, Math.max(0, limit - used), sufficient() - limit);
    }
    if (sufficient() <= limit) {
      return "%s. Project %s has %d reservations, which is the most: delete deployments"
          .formatted(needs, project, InferenceQuotaStatus.MOST);
    }
    return "%s. Project %s uses %d of its %d, %d left: short of %d. Ask the platform for a limit of at least %d for %s in InferenceQuota %s, or %s; then it starts by itself"
        .formatted(
            needs,
            project,
            used,
            limit,
            Math.max(0, limit - used),
            sufficient() - limit,
            sufficient(),
            family,
            InferenceQuota.NAME,
            // What others have does not suffice where the whole limit does not.
            demand.cores() > limit
                ? "choose fewer instances or another spec.instanceType"
                : "delete or scale down others");
  }
}
