package io.mistraloperator.operator.kube;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Builds the conditions of one status; the transition time changes only with the status of a
 * condition.
 */
public final class Conditions {
  /** Longest message that the definitions allow, with room to spare. */
  private static final int MESSAGE_LIMIT = 4096;

  private final List<Condition> before;
  private final long generation;
  private final String now;
  private final List<Condition> conditions = new ArrayList<>();

  /**
   * @param before conditions of the last status
   * @param generation metadata.generation that the conditions are about
   * @param clock time of transitions
   */
  public Conditions(List<Condition> before, long generation, Clock clock) {
    this.before = List.copyOf(before);
    this.generation = generation;
    this.now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Adds one condition. */
  public Conditions add(String type, Truth status, Enum<?> reason, String message) {
    String since =
        find(before, type)
            .filter(condition -> condition.getStatus().equals(status.name()))
            .map(Condition::getLastTransitionTime)
            .orElse(now);
    conditions.add(
        new ConditionBuilder()
            .withType(type)
            .withStatus(status.name())
            .withReason(reason.name())
            .withMessage(
                message.length() <= MESSAGE_LIMIT
                    ? message
                    : message.substring(0, MESSAGE_LIMIT - 1) + "…")
            .withLastTransitionTime(since)
            .withObservedGeneration(generation)
            .build());
    return this;
  }

  /** Leaves a condition as it was, if there was one. */
  public Conditions keep(String type) {
    find(before, type).ifPresent(conditions::add);
    return this;
  }

  /** What was added, in that order. */
  public List<Condition> list() {
    return List.copyOf(conditions);
  }

  /** The condition of a type. */
  public static Optional<Condition> find(List<Condition> conditions, String type) {
    return conditions.stream().filter(condition -> condition.getType().equals(type)).findFirst();
  }

  /** Whether the condition of a type is True. */
  public static boolean isTrue(List<Condition> conditions, String type) {
    return find(conditions, type)
        .map(condition -> condition.getStatus().equals(Truth.True.name()))
        .orElse(false);
  }

  /** Status of a condition. */
  public enum Truth {
    True,
    False,
    Unknown;

    /** True or False. */
    public static Truth of(boolean value) {
      return value ? True : False;
    }
  }
}
