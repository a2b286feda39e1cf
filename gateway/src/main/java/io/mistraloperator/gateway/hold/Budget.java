package io.mistraloperator.gateway.hold;

/** What all requests together that wait in this process may have. Thread-safe. */
final class Budget {
  private final int requests;
  private final long bytes;
  private int usedRequests;
  private long usedBytes;

  Budget(int requests, long bytes) {
    this.requests = requests;
    this.bytes = bytes;
  }

  /** Takes room for one request; false, and nothing taken, when there is none. */
  synchronized boolean take(long size) {
    if (usedRequests >= requests || usedBytes + size > bytes) {
      return false;
    }
    usedRequests++;
    usedBytes += size;
    return true;
  }

  /** Gives back what one request took. */
  synchronized void give(long size) {
    usedRequests--;
    usedBytes -= size;
  }
}
