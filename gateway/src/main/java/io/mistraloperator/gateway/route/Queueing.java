package io.mistraloperator.gateway.route;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How many requests of an endpoint are answered at a time, and how the others wait (rows D2.12,
 * B7).
 *
 * @param perInstance requests that one instance answers at a time, at least 1; empty: no bound
 * @param patience how long a request waits while all instances are busy; zero: not at all
 * @param hold how requests wait while no instance is ready; empty: they do not
 */
public record Queueing(OptionalInt perInstance, Duration patience, Optional<Hold> hold) {
  /**
   * Bounds of the requests that wait while no instance is ready.
   *
   * @param requests that wait at most
   * @param bytes that their bodies have at most
   * @param timeout that one of them waits at most
   */
  public record Hold(int requests, long bytes, Duration timeout) {}
}
