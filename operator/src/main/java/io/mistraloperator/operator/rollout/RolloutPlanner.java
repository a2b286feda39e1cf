package io.mistraloperator.operator.rollout;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.mistraloperator.api.RolloutSettings;
import io.mistraloperator.api.RolloutStatus;
import io.mistraloperator.api.RolloutStatus.Strategy;
import io.mistraloperator.operator.rollout.RolloutPlan.OneByOne;
import io.mistraloperator.operator.rollout.RolloutPlan.Surge;
import java.util.Optional;

/** Decides how a new version replaces an old one. */
public final class RolloutPlanner {
  private RolloutPlanner() {}

  /**
   * What the decision is made from.
   *
   * @param wishes what the project says
   * @param instances how many are wanted, from 0
   * @param spare instances that the cores have room for beyond those, from 0
   * @param startSeconds in which an instance must have started
   * @param obstacle why none more can run, as far as that has turned out
   * @param before what was told of the same rollout before
   */
  public record Situation(
      Optional<RolloutSettings> wishes,
      int instances,
      int spare,
      int startSeconds,
      Optional<SurgeObstacle> obstacle,
      Optional<RolloutStatus> before) {}

  /** The plan; that of a deployment with nothing to replace is how it would be. */
  public static RolloutPlan plan(Situation now) {
    int asked = now.wishes.map(RolloutSettings::maxSurge).map(max -> up(max, now)).orElse(1);
    Optional<Integer> missing =
        now.wishes.map(RolloutSettings::maxUnavailable).map(max -> down(max, now));
    if (asked == 0) {
      return oneByOne(now, Math.max(1, missing.orElse(1)), "spec.rollout.maxSurge is 0");
    }
    if (missing.isEmpty()) {
      Optional<SurgeObstacle> way = now.obstacle.filter(SurgeObstacle::endsWithoutOne);
      if (way.isPresent()) {
        return oneByOne(now, 1, way.get().words());
      }
      // What there was no room for a moment ago has none when the next instance's turn comes.
      Optional<RolloutStatus> begun =
          now.before.filter(told -> told.strategy() == Strategy.OneByOne);
      if (begun.isPresent()) {
        return new OneByOne(1, begun.get().downtimeSeconds(), begun.get().message());
      }
    }
    return surge(now, asked, missing.orElse(0));
  }

  private static RolloutPlan oneByOne(Situation now, int missing, String why) {
    int left = now.instances - missing;
    return left > 0
        ? new OneByOne(
            missing,
            0,
            "%s: an old instance goes before a new one starts, and %d of %d answer meanwhile"
                .formatted(why, left, now.instances))
        : new OneByOne(
            missing,
            now.startSeconds,
            "%s: an old instance goes before a new one starts, and nothing answers for up to %d s"
                .formatted(why, now.startSeconds));
  }

  private static RolloutPlan surge(Situation now, int asked, int missing) {
    int more = Math.max(1, Math.min(asked, now.spare));
    var message =
        new StringBuilder(
            more == 1
                ? "one more instance starts before an old one goes"
                : more + " more instances start before old ones go");
    if (more < asked) {
      message.append(
          "; spec.rollout.maxSurge asks for %d, and the cores reserved for upgrades have room for %d"
              .formatted(asked, more));
    }
    if (missing > 0) {
      message.append("; up to %d of %d may be missing".formatted(missing, now.instances));
    }
    now.obstacle.ifPresent(
        obstacle ->
            message
                .append("; waits: ")
                .append(obstacle.words())
                .append(
                    obstacle.endsWithoutOne()
                        ? "; spec.rollout.maxUnavailable above 0 would let an old one go first"
                        : "; the new version asks for more than an old instance would leave, so none goes first: set spec.rollout.maxSurge to 0 to replace them all the same"));
    return new Surge(more, missing, message.toString());
  }

  private static int up(IntOrString value, Situation now) {
    return value.getIntVal() != null
        ? value.getIntVal()
        : Math.ceilDiv(percent(value) * now.instances, 100);
  }

  private static int down(IntOrString value, Situation now) {
    return value.getIntVal() != null ? value.getIntVal() : percent(value) * now.instances / 100;
  }

  private static int percent(IntOrString value) {
    return Integer.parseInt(value.getStrVal().replace("%", ""));
  }
}
