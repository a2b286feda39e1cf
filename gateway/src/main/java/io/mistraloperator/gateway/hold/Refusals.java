package io.mistraloperator.gateway.hold;

import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Refusal;
import java.time.Duration;

/** What requests are told that neither go nor wait (rows B7, D2.12). */
public final class Refusals {
  private static final Duration NEXT_MOMENT = Duration.ofSeconds(1);
  private static final Duration SOON = Duration.ofSeconds(5);

  private Refusals() {}

  /** No instance takes requests, and nothing waits for one. */
  public static Refusal noneReady() {
    return Refusal.later("The model has no instance that is ready; try again.", SOON);
  }

  /** Those that there are cannot be connected to. */
  static Refusal unreachable() {
    return Refusal.later("No instance of the model can be reached; try again.", SOON);
  }

  /**
   * No more may wait for an instance.
   *
   * @param wake how long it will probably take until there is one
   */
  static Refusal full(Duration wake) {
    return Refusal.later(
        "The model is starting, and as many requests as may do so wait for it; try again.", wake);
  }

  /** No instance came in time. */
  static Refusal neverReady(Duration waited) {
    return Refusal.later(
        "The model was not ready within the "
            + waited.toSeconds()
            + " seconds that requests wait for it; try again.",
        SOON);
  }

  /** This gateway goes, another one may wait. */
  static Refusal draining() {
    return Refusal.later(
        "The model is starting, and this gateway is about to go; try again.", NEXT_MOMENT);
  }

  /** The instances have enough to do, and enough requests wait for them. */
  static Refusal busy() {
    return Refusal.later(
        ErrorCode.TOO_MANY_REQUESTS,
        "All instances of the model are busy, and no more requests may wait for them; try again.",
        NEXT_MOMENT);
  }

  /** The instances stayed busy. */
  static Refusal stillBusy(Duration waited) {
    return Refusal.later(
        ErrorCode.TOO_MANY_REQUESTS,
        "All instances of the model were busy for the "
            + waited.toSeconds()
            + " seconds that requests wait for them; try again.",
        NEXT_MOMENT);
  }

  /** The deployment was taken away; another one of its endpoint may answer. */
  static Refusal deploymentGone() {
    return Refusal.later(
        "The deployment that the request waited for was removed; try again.", NEXT_MOMENT);
  }

  /** The endpoint was taken away. */
  static Refusal gone() {
    return Refusal.of(ErrorCode.ENDPOINT_NOT_FOUND, "The endpoint was removed.");
  }
}
