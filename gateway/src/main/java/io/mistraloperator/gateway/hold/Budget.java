package io.mistraloperator.gateway.hold;

/** What all requests of a kind in this process may have together. Thread-safe. */
public final class Budget {
  private final int requests;
  private final long bytes;
  private int usedRequests;
  private long usedBytes;

  /**
   * Makes a budget of which nothing is taken.
   *
   * @param requests at most
   * @param bytes that their bodies have at most
   */
  public Budget(int requests, long bytes) {
    this.requests = requests;
    this.bytes = bytes;
  }

  /** Takes room for one request; false, and nothing taken, when there is none. */
  public synchronized boolean take(long size) {
    if (usedRequests >= requests || usedBytes + size > bytes) {
      return false;
    }
    usedRequests++;
    usedBytes += size;
    return true;
  }

  /** Gives back what one request took. */
  public synchronized void give(long size) {
    usedRequests--;
    usedBytes -= size;
  }
}
