package io.mistraloperator.gateway.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The bytes of request bodies that this process holds at most. Bodies that do not fit wait for
 * others to end, in the order in which they came; smaller ones that fit do not wait behind them.
 * Thread-safe.
 */
public final class BodyBudget {
  private final long total;
  private final Deque<Share> waiting = new ArrayDeque<>();
  private long used;

  /** Makes a budget of {@code total} bytes, at least one. */
  public BodyBudget(long total) {
    this.total = total;
  }

  /** What one request holds of the budget. */
  final class Share {
    private long held;
    private Optional<Claim> claim = Optional.empty();

    private Share() {}

    /** Takes more; false, and nothing taken, when the budget does not have it. */
    boolean grow(long bytes) {
      synchronized (BodyBudget.this) {
        if (bytes > total - used) {
          return false;
        }
        take(bytes);
        return true;
      }
    }

    /**
     * Takes more, at once or later.
     *
     * @param bytes at most the whole budget
     * @param granted runs once when they are taken later, on the thread that gave them back
     * @return whether they are taken
     */
    boolean growOrWait(long bytes, Runnable granted) {
      synchronized (BodyBudget.this) {
        if (grow(bytes)) {
          return true;
        }
        claim = Optional.of(new Claim(bytes, granted));
        waiting.add(this);
        return false;
      }
    }

    private void take(long bytes) {
      used += bytes;
      held += bytes;
    }

    /** Gives back all of it and waits for no more; later calls do nothing. */
    void release() {
      List<Runnable> served;
      synchronized (BodyBudget.this) {
        claim.ifPresent(unserved -> waiting.remove(this));
        claim = Optional.empty();
        used -= held;
        held = 0;
        served = serve();
      }
      served.forEach(Runnable::run);
    }
  }

  private record Claim(long bytes, Runnable granted) {}

  private List<Runnable> serve() {
    List<Runnable> served = new ArrayList<>();
    while (!waiting.isEmpty()) {
      Share first = waiting.peek();
      Claim claim = first.claim.orElseThrow();
      if (!first.grow(claim.bytes())) {
        break;
      }
      waiting.remove();
      first.claim = Optional.empty();
      served.add(claim.granted());
    }
    return served;
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
  public synchronized long used() {
    return used;
  }

  /** Requests whose bodies wait to be read. */
  public synchronized int waiting() {
    return waiting.size();
  }
}
