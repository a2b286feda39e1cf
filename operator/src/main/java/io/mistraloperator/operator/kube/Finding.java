package io.mistraloperator.operator.kube;

import io.mistraloperator.operator.kube.Conditions.Truth;

/**
 * One condition before it has a time.
 *
 * @param truth its status
 * @param reason one word for programs
 * @param message the cause, for people
 */
public record Finding(Truth truth, Enum<?> reason, String message) {
  /** Whether the status is True. */
  public boolean isTrue() {
    return truth == Truth.True;
  }

  /** The same with another status. */
  public Finding withTruth(Truth other) {
    return new Finding(other, reason, message);
  }

  /** Adds it as a condition of this type. */
  public void addTo(Conditions conditions, String type) {
    conditions.add(type, truth, reason, message);
  }
}
