package io.mistraloperator.gateway.http;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes of request bodies that this process holds at most. Thread-safe. */
public final class BodyBudget {
  private final long total;
  private final AtomicLong used = new AtomicLong();

  /** Makes a budget of {@code total} bytes, at least one. */
  public BodyBudget(long total) {
    this.total = total;
  }

  /** What one request holds of the budget; used by one thread. */
  final class Share {
    private long held;

    private Share() {}

    /** Takes more; false, and nothing taken, when the budget does not have it. */
    boolean grow(long bytes) {
      long after = used.addAndGet(bytes);
      if (after > total) {
        used.addAndGet(-bytes);
        return false;
      }
      held += bytes;
      return true;
    }

    /** Gives back all of it; later calls do nothing. */
    void release() {
      used.addAndGet(-held);
      held = 0;
    }
  }

  /** A share of nothing yet. */
  Share share() {
    return new Share();
  }

  /** Bytes of the whole budget. */
  public long total() {
    return total;
  }

  /** Bytes that requests hold now. */
  public long used() {
    return used.get();
  }
}
