package io.mistraloperator.operator.kube;

import io.fabric8.kubernetes.api.model.Condition;
import io.mistraloperator.operator.kube.Conditions.Truth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds what is worth an event between two statuses: that work starts, that it serves, each cause
 * of trouble once, whichever conditions tell it, that load asks for more than there can be, that
 * requests cannot be shared as asked, that its time is nearly over, and that a schedule's time zone
 * is unknown.
 */
final class Transitions {
  private static final String READY = "Ready";
  private static final String PROGRESSING = "Progressing";
  private static final String STALLED = "Stalled";
  private static final String LIMITED = "ScalingLimited";
  private static final String EXPIRING = "Expiring";
  private static final String TIME_ZONE = "TimeZoneUnknown";
  private static final String TRAFFIC = "TrafficValid";

  /** A share that only waits for its deployment is none. */
  private static final String WRONG_SUM = "SumNotHundred";

  /** What is a warning when it is so. */
  private static final Set<String> WARNINGS = Set.of(LIMITED, EXPIRING, TIME_ZONE);

  /** Why something is not ready yet without anything being wrong. */
  private static final Set<String> NO_TROUBLE =
      Set.of(
          "Starting",
          "Fetching",
          "WaitingForFetch",
          // Told by the fetch itself, whether other instances answer or not.
          "FetchSlow",
          "FetchRetrying",
          "NoInstances",
          "Stopped",
          "Waiting",
          "PoolStarting");

  /** Reasons of being ready that a decision about instances has told already. */
  private static final Set<String> TOLD = Set.of("ScaledToZero", "Waking");

  private Transitions() {}

  /** Transitions in the order in which people should read them. */
  static List<Happening> between(List<Condition> before, List<Condition> after) {
    List<Happening> transitions = new ArrayList<>();
    became(PROGRESSING, before, after).ifPresent(transitions::add);
    trouble(after)
        .filter(
            now -> !trouble(before).map(Condition::getReason).equals(Optional.of(now.getReason())))
        // Ready may have stayed as it was: what has changed is the condition that tells it.
        .map(now -> happening(now, true, since(before, now.getType())))
        .ifPresent(transitions::add);
    became(READY, before, after).ifPresent(transitions::add);
    became(LIMITED, before, after).ifPresent(transitions::add);
    wrongSum(after)
        .filter(now -> wrongSum(before).isEmpty())
        .map(now -> happening(now, true, since(before, TRAFFIC)))
        .ifPresent(transitions::add);
    became(EXPIRING, before, after).ifPresent(transitions::add);
    became(TIME_ZONE, before, after).ifPresent(transitions::add);
    return transitions;
  }

  private static Optional<Happening> became(
      String type, List<Condition> before, List<Condition> after) {
    var then = Conditions.find(before, type);
    return Conditions.find(after, type)
        .filter(Transitions::isTrue)
        .filter(now -> !TOLD.contains(now.getReason()))
        .filter(
            now ->
                then.filter(Transitions::isTrue)
                    .filter(old -> old.getReason().equals(now.getReason()))
                    .isEmpty())
        .map(now -> happening(now, WARNINGS.contains(type), since(before, type)));
  }

  private static Optional<Condition> wrongSum(List<Condition> conditions) {
    return Conditions.find(conditions, TRAFFIC)
        .filter(traffic -> traffic.getReason().equals(WRONG_SUM));
  }

  /** The condition that tells the present trouble. */
  private static Optional<Condition> trouble(List<Condition> conditions) {
    return Conditions.find(conditions, STALLED)
        .filter(Transitions::isTrue)
        .or(
            () ->
                Conditions.find(conditions, READY)
                    .filter(ready -> !isTrue(ready) && !NO_TROUBLE.contains(ready.getReason())));
  }

  /** The same change has the same identity, which is made of what was there before. */
  private static Happening happening(Condition now, boolean warning, String since) {
    return new Happening(
        warning,
        now.getReason(),
        now.getMessage(),
        String.join("|", now.getType(), now.getReason(), since));
  }

  private static String since(List<Condition> before, String type) {
    return Conditions.find(before, type)
        .map(then -> then.getStatus() + then.getReason() + then.getLastTransitionTime())
        .orElse("");
  }

  private static boolean isTrue(Condition condition) {
    return condition.getStatus().equals(Truth.True.name());
  }
}
