package io.mistraloperator.operator.plan;

import java.util.Locale;

/** Amounts of memory, for arithmetic and for people. */
public final class Bytes {
  static final long KIB = 1024L;
  static final long MIB = 1024 * KIB;
  static final long GIB = 1024 * MIB;

  private Bytes() {}

  /** For instance {@code 13.5 GiB}; below 1 GiB in MiB, below 1 MiB in KiB. */
  public static String text(long bytes) {
    if (Math.abs(bytes) >= GIB) {
      return String.format(Locale.ROOT, "%.1f GiB", (double) bytes / GIB);
    }
    return Math.abs(bytes) >= MIB
        ? String.format(Locale.ROOT, "%d MiB", Math.round((double) bytes / MIB))
        : kibibytes(bytes);
  }

  private static String kibibytes(long bytes) {
    return String.format(
        Locale.ROOT, bytes % KIB == 0 ? "%.0f KiB" : "%.1f KiB", (double) bytes / KIB);
  }
}
