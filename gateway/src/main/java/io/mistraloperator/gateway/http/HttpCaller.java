package io.mistraloperator.gateway.http;

import io.mistraloperator.gateway.Caller;
import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Optional;

/** The application behind an HTTP request. */
final class HttpCaller implements Caller {
  private static final int LONGEST_ECHO = 256;

  /** Bytes of events that wait for the end of a read at most. */
  private static final int MOST_UNSENT = 16 * 1024;

  private final Vertx vertx;
  private final Intake intake;
  private final Inflow inflow;
  private final BodyBudget.Share share;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private Optional<BodyReader> reader = Optional.empty();
  private boolean open;

  /** Events that are not written yet: those of one read from the engine go out together. */
  private Buffer unsent = Buffer.buffer();

  HttpCaller(
      Vertx vertx,
      Intake intake,
      Inflow inflow,
      BodyBudget.Share share,
      HttpServerRequest request,
      String requestId) {
    this.vertx = vertx;
    this.intake = intake;
    this.inflow = inflow;
    this.share = share;
    this.request = request;
    this.response = request.response();
    response.putHeader("x-request-id", requestId);
    Optional.ofNullable(request.getHeader("x-ms-client-request-id"))
        .filter(id -> id.length() <= LONGEST_ECHO)
        .ifPresent(id -> response.putHeader("x-ms-client-request-id", id));
  }

  @Override
  public Future<byte[]> body(int limit) {
    BodyReader reading = new BodyReader(vertx, request, inflow, intake, share, limit);
    reader = Optional.of(reading);
    // What it has read is not kept longer than others need it.
    return reading.read().onSuccess(whole -> reader = Optional.empty());
  }

  @Override
  public void bodyDone() {
    share.release();
  }

  /** A body that nobody wants must flow off all the same; HTTP/2 takes one that has flowed ill. */
  private void discardRest() {
    if (!request.isEnded()) {
      inflow.release();
    }
  }

  @Override
  public void deployment(String name) {
    response.putHeader("azureml-model-deployment", name);
  }

  @Override
  public void answer(Buffer json) {
    discardRest();
    response.putHeader("content-type", "application/json");
    response.end(json);
  }

  @Override
  public void open() {
    open = true;
    response.putHeader("content-type", "text/event-stream");
    response.putHeader("cache-control", "no-cache");
    response.putHeader("x-accel-buffering", "no");
    response.setChunked(true);
  }

  @Override
  public boolean send(Buffer events) {
    if (unsent.length() == 0) {
      vertx.runOnContext(turn -> flush());
    }
    unsent.appendBuffer(events);
    if (unsent.length() >= MOST_UNSENT) {
      flush();
    }
    return !response.writeQueueFull();
  }

  private void flush() {
    if (unsent.length() > 0 && !response.ended() && !response.closed()) {
      response.write(taken());
    }
  }

  private Buffer taken() {
    Buffer events = unsent;
    unsent = Buffer.buffer();
    return events;
  }

  @Override
  public void whenDrained(Runnable action) {
    response.drainHandler(drained -> action.run());
  }

  @Override
  public void end() {
    response.end(taken());
  }

  @Override
  public void refuse(Refusal refusal) {
    if (open) {
      response.end(taken().appendBuffer(ErrorWriter.events(refusal)));
    } else {
      discardRest();
      boolean unread = reader.filter(BodyReader::waiting).isPresent();
      boolean closing = unread && request.version() != HttpVersion.HTTP_2;
      if (closing) {
        // The rest of the body is not worth reading.
        response.putHeader("connection", "close");
      }
      Future<Void> sent = ErrorWriter.answer(response, refusal);
      if (closing && refusal.code() == ErrorCode.REQUEST_TIMEOUT) {
        sent.onComplete(done -> request.connection().close());
      }
    }
  }

  @Override
  public void whenGone(Runnable action) {
    // HTTP/2 tells of a reset stream, HTTP/1.1 of a closed connection.
    response.exceptionHandler(broken -> action.run());
    response.closeHandler(
        closed -> {
          reader.ifPresent(BodyReader::abandon);
          action.run();
        });
  }
}
