package io.mistraloperator.gateway.http;

import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Refusal;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;

/** Reads the body of one request, within its own bounds and those of the process. */
final class BodyReader {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final Inflow inflow;
  private final Intake intake;
  private final BodyBudget.Share share;
  private final long limit;
  private final Promise<byte[]> body = Promise.promise();
  private byte[] read = {};
  private int length;
  private boolean declared;
  private boolean abandoned;
  private OptionalLong timer = OptionalLong.empty();

  /**
   * Makes a reader.
   *
   * @param share pays for what is read; released by others, once the request is over
   * @param limit bytes that this body may have
   */
  BodyReader(
      Vertx vertx,
      HttpServerRequest request,
      Inflow inflow,
      Intake intake,
      BodyBudget.Share share,
      int limit) {
    this.vertx = vertx;
    this.request = request;
    this.inflow = inflow;
    this.intake = intake;
    this.share = share;
    // More than all that there is can never be had, however often it is tried.
    this.limit = Math.min(limit, intake.budget().total());
  }

  /** Reads; fails with a {@link Refusal}, and never when the client leaves. */
  Future<byte[]> read() {
    long expected = DeclaredLength.of(request);
    if (expected > limit) {
      body.fail(tooLarge("it has " + expected));
      return body.future();
    }
    declared = expected > 0;
    Context loop = vertx.getOrCreateContext();
    if (!declared || share.growOrWait(expected, () -> loop.runOnContext(turn -> granted()))) {
      begin();
    } else {
      failLater(exhausted());
    }
    return body.future().onComplete(done -> disarm());
  }

  /** Others have ended: there is room for this body. */
  private void granted() {
    if (!abandoned && !body.future().isComplete()) {
      disarm();
      begin();
    }
  }

  private void begin() {
    if (declared) {
      read = new byte[(int) DeclaredLength.of(request)];
    }
    request.handler(this::append);
    request.endHandler(end -> complete());
    inflow.release();
    // Most bodies have come with their heads, and need no timer.
    vertx.runOnContext(turn -> await());
  }

  private void await() {
    if (!abandoned && !body.future().isComplete()) {
      failLater(tooSlow());
    }
  }

  private void complete() {
    // The request outlives its body by far, and would keep it through them.
    request.handler(null);
    request.endHandler(null);
    body.tryComplete(length == read.length ? read : Arrays.copyOf(read, length));
  }

  private void failLater(Refusal reason) {
    timer =
        OptionalLong.of(vertx.setTimer(intake.patience().toMillis(), late -> body.tryFail(reason)));
  }

  private void disarm() {
    timer.ifPresent(vertx::cancelTimer);
    timer = OptionalLong.empty();
  }

  /** The client left: waits no longer. */
  void abandon() {
    abandoned = true;
    disarm();
  }

  /** Whether some of the body is still to come. */
  boolean waiting() {
    return !request.isEnded();
  }

  private void append(Buffer bytes) {
    if (body.future().isComplete()) {
      return;
    }
    if (length + bytes.length() > limit) {
      body.fail(tooLarge("it has more"));
    } else if (!declared && !share.grow(bytes.length())) {
      body.fail(exhausted());
    } else {
      take(bytes);
    }
  }

  private void take(Buffer bytes) {
    int after = length + bytes.length();
    if (after > read.length) {
      read = Arrays.copyOf(read, Math.max(after, 2 * read.length));
    }
    bytes.getBytes(read, length);
    length = after;
  }

  private Refusal tooLarge(String given) {
    return Refusal.of(
        ErrorCode.REQUEST_TOO_LARGE,
        "The body may have at most " + limit + " bytes (" + given + ").");
  }

  private Refusal tooSlow() {
    return Refusal.of(
        ErrorCode.REQUEST_TIMEOUT,
        "The body did not arrive within " + intake.patience().toSeconds() + " seconds.");
  }

  private static Refusal exhausted() {
    return Refusal.later(
        "The gateway holds as many request bodies as it can; try again.", RETRY_AFTER);
  }
}
