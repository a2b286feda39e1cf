package io.mistraloperator.operator.quota;

/** The arithmetic of row D2.22: a fifth is kept for upgrades. */
public final class Cores {
  private Cores() {}

  /** Instances that {@code instances} count as: ceil(1.2 x instances); 0 counts as 0. */
  public static int counted(int instances) {
    return (6 * instances + 4) / 5;
  }

  /** Cores that instances of so many cores each need. */
  public static int needed(int instances, int perInstance) {
    return counted(instances) * perInstance;
  }

  /** How {@link #needed} comes about, for people. */
  static String arithmetic(int instances, int perInstance) {
    return "%d instance%s as ceil(1.2 x %d) = %d of %d cores each"
        .formatted(
            instances,
            instances == 1 ? " counts" : "s count",
            instances,
            counted(instances),
            perInstance);
  }
}
