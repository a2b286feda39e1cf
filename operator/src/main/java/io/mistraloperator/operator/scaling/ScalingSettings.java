package io.mistraloperator.operator.scaling;

import io.mistraloperator.api.Autoscaling;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * How load becomes instances.
 *
 * @param min instances without any load, from 0
 * @param max the most instances, from 1
 * @param target requests in flight that one instance should have, from 1
 * @param idle time without a request after which the last instance goes
 * @param stableWindow time whose mean decides
 * @param panicWindow time whose mean tells a burst, at least one second
 * @param panicThreshold how many times what the instances should have makes a burst
 * @param scaleDownDelay time that fewer must have been asked for before any goes
 */
record ScalingSettings(
    int min,
    int max,
    int target,
    Duration idle,
    Duration stableWindow,
    Duration panicWindow,
    double panicThreshold,
    Duration scaleDownDelay) {
  private static final Duration TICK = Duration.ofSeconds(1);

  /** Of what an instance can work on at once, so that a burst finds room. */
  private static final double UTILISATION = 0.7;

  /**
   * Settings as a project wrote them.
   *
   * @param concurrency requests that one instance works on at once
   * @param now whose schedules are in force
   */
  static ScalingSettings of(Autoscaling spec, int concurrency, Instant now) {
    var stable = Duration.ofSeconds(Objects.requireNonNullElse(spec.stableWindowSeconds(), 120));
    var panic =
        stable
            .multipliedBy(Objects.requireNonNullElse(spec.panicWindowPercent(), 10))
            .dividedBy(100);
    return new ScalingSettings(
        Math.max(
            Objects.requireNonNullElse(spec.minInstances(), 1),
            Schedules.min(Objects.requireNonNullElse(spec.schedules(), List.of()), now)),
        spec.maxInstances(),
        Objects.requireNonNullElseGet(spec.targetInFlight(), () -> defaultTarget(concurrency)),
        Duration.ofSeconds(Objects.requireNonNullElse(spec.scaleToZeroAfterSeconds(), 900)),
        stable,
        panic.compareTo(TICK) < 0 ? TICK : panic,
        Objects.requireNonNullElse(spec.panicThresholdPercent(), 200) / 100.0,
        Duration.ofSeconds(Objects.requireNonNullElse(spec.scaleDownDelaySeconds(), 600)));
  }

  /** What an instance should have where the project does not say (T-Z6). */
  static int defaultTarget(int concurrency) {
    return Math.max(1, (int) (UTILISATION * concurrency));
  }

  /** The nearest number of instances that the project allows. */
  int within(int instances) {
    return Math.clamp(instances, min, max);
  }
}
