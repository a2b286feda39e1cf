package io.mistraloperator.gateway.testing;

import java.util.Random;

/**
 * The seed of tests that try many inputs: the same on every run, so that a failure comes back.
 * {@code -Dmistral.test.seed} sets another one.
 */
public final class Seed {
  /** The seed of this run. */
  public static final long VALUE = Long.getLong("mistral.test.seed", 20_261_125L);

  private Seed() {}

  /** A source of chance for one case. */
  public static Random random(int number) {
    return new Random(VALUE * 1_000_003 + number);
  }

  /** What a failing test says. */
  public static String words(int number) {
    return "-Dmistral.test.seed=" + VALUE + ", case " + number;
  }
}
