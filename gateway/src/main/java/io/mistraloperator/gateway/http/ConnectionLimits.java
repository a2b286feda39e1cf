package io.mistraloperator.gateway.http;

import java.time.Duration;

/**
 * How long a connection may do without a request that runs. One whose request runs is never idle,
 * however long the model is silent.
 *
 * @param head from the beginning of a connection to the end of its first request's head; on TLS
 *     once more for the handshake; also for a later head, see {@link #nextHead}
 * @param idle from the end of an answer to the beginning of the next request; also how long a
 *     client may take to read what was written by then
 */
public record ConnectionLimits(Duration head, Duration idle) {
  /**
   * Takes the limits.
   *
   * @throws IllegalArgumentException when one is not positive
   */
  public ConnectionLimits {
    if (!head.isPositive() || !idle.isPositive()) {
      throw new IllegalArgumentException(
          "limits of connections must be longer than zero: %s for a head, %s between requests"
              .formatted(head, idle));
    }
  }

  /** From the first byte of a later head to its end: the shorter of both. */
  Duration nextHead() {
    return head.compareTo(idle) < 0 ? head : idle;
  }
}
