package io.mistraloperator.operator.scaling;

import io.mistraloperator.api.AutoscalingStatus;
import java.util.Optional;

/**
 * How many instances a deployment should have.
 *
 * @param instances instances, from 0
 * @param automatic what the load says; absent where the spec gives the number
 */
public record Scaling(int instances, Optional<Automatic> automatic) {

  /**
   * What the load says, as people are told of it.
   *
   * @param status numbers and times
   * @param bounds bounds that the project has set, {@code min} and {@code max}
   * @param observed whether the load is known
   */
  public record Automatic(AutoscalingStatus status, Bounds bounds, Observed observed) {
    /** Whether no instance is to run, since nobody asks. */
    public boolean atZero() {
      return status.desired() == 0;
    }

    /** Whether the load asks for more than the project allows. */
    public boolean atMaximum() {
      return status.asked() > bounds.max();
    }
  }

  /** The fewest and the most instances. */
  public record Bounds(int min, int max) {}

  /** Whether the load is known. */
  public sealed interface Observed {
    /** No gateway has been asked yet. */
    record NotYet() implements Observed {}

    /** All gateways answer. */
    record Current() implements Observed {}

    /**
     * Some do not.
     *
     * @param gateways which, and why
     */
    record Stale(String gateways) implements Observed {}
  }

  /** A number that the spec gives. */
  public static Scaling fixed(int instances) {
    return new Scaling(instances, Optional.empty());
  }
}
