package io.mistraloperator.gateway.balance;

/** Hashes that are the same in every gateway. */
final class Hashes {
  /** The hash of nothing (FNV-1a's offset). */
  static final long START = 0xcbf29ce484222325L;

  private static final long FNV_PRIME = 0x100000001b3L;

  private Hashes() {}

  /** The hash of what {@code hash} stands for, followed by {@code value} (FNV-1a). */
  static long next(long hash, int value) {
    return (hash ^ value) * FNV_PRIME;
  }

  /** Spreads a value over all bits (MurmurHash3's finalizer). */
  static long mixed(long value) {
    long x = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
    x = (x ^ (x >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return x ^ (x >>> 33);
  }
}
