package io.mistraloperator.gateway.balance;

import io.mistraloperator.gateway.route.Instance;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Consistent hashing with bounded loads (Mirrokni, Thorup, Zadimoghaddam 2016): a prefix goes to
 * the instance that ranks highest for it, unless that one has more than its share of the load; then
 * to the next. Ranks come from rendezvous hashing, so that an instance that comes or goes moves
 * only the prefixes that are its own, and its overflow spreads over all others.
 */
final class BoundedHashing {
  /** An instance takes more as long as it has less than this times the average load. */
  static final double LOAD_FACTOR = 1.25;

  private BoundedHashing() {}

  /**
   * Chooses an instance.
   *
   * @param load tokens that an instance has outstanding
   * @return empty when there are no candidates
   */
  static Optional<Instance> choose(
      Demand demand, List<Instance> candidates, ToLongFunction<Instance> load) {
    long[] loads = candidates.stream().mapToLong(load).toArray();
    double total = demand.tokens();
    for (long each : loads) {
      total += each;
    }
    double bound = LOAD_FACTOR * total / loads.length;
    Optional<Instance> best = Optional.empty();
    long highest = Long.MIN_VALUE;
    for (int i = 0; i < loads.length; i++) {
      // The least loaded one is always below: its load is at most the average without this demand.
      if (loads[i] < bound) {
        long rank = rank(demand.prefix(), candidates.get(i));
        if (best.isEmpty() || rank > highest) {
          best = Optional.of(candidates.get(i));
          highest = rank;
        }
      }
    }
    return best;
  }

  private static long rank(long prefix, Instance instance) {
    long hash = Hashes.START;
    for (int i = 0; i < instance.address().length(); i++) {
      hash = Hashes.next(hash, instance.address().charAt(i));
    }
    return Hashes.mixed(prefix ^ Hashes.mixed(Hashes.next(hash, instance.port())));
  }
}
