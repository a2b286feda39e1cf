package io.mistraloperator.gateway.http;

import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/** Reads the body of one request, within its own bounds and those of the process. */
final class BodyReader {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final Intake intake;
  private final BodyBudget.Share share;
  private final long limit;
  private final Promise<Buffer> body = Promise.promise();
  private final Buffer read = Buffer.buffer();
  private boolean declared;
  private long timer;

  /**
   * Makes a reader.
   *
   * @param share pays for what is read; released by others, once the request is over
   * @param limit bytes that this body may have
   */
  BodyReader(
      Vertx vertx, HttpServerRequest request, Intake intake, BodyBudget.Share share, int limit) {
    this.vertx = vertx;
    this.request = request;
    this.intake = intake;
    this.share = share;
    // More than all that there is can never be had, however often it is tried.
    this.limit = Math.min(limit, intake.budget().total());
  }

  /** Reads; fails with a {@link Refusal}, and never when the client leaves. */
  Future<Buffer> read() {
    long length = declaredLength();
    if (length > limit) {
      body.fail(tooLarge());
      return body.future();
    }
    declared = length > 0;
    if (declared && !share.grow(length)) {
      body.fail(exhausted());
      return body.future();
    }
    timer = vertx.setTimer(intake.patience().toMillis(), late -> body.tryFail(tooSlow()));
    request.handler(this::append);
    request.endHandler(end -> body.tryComplete(read));
    request.resume();
    return body.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  /** The client left: waits no longer. */
  void abandon() {
    vertx.cancelTimer(timer);
  }

  /** Whether some of the body is still to come. */
  boolean waiting() {
    return !request.isEnded();
  }

  private void append(Buffer bytes) {
    if (body.future().isComplete()) {
      return;
    }
    if (read.length() + bytes.length() > limit) {
      body.fail(tooLarge());
    } else if (!declared && !share.grow(bytes.length())) {
      body.fail(exhausted());
    } else {
      read.appendBuffer(bytes);
    }
  }

  private long declaredLength() {
    String length = request.getHeader("content-length");
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException notDeclared) {
      return 0;
    }
  }

  private Refusal tooLarge() {
    return Refusal.of(
        ErrorCode.REQUEST_TOO_LARGE, "The body may have at most " + limit + " bytes.");
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
