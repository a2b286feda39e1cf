package io.mistraloperator.gateway.http;

import io.mistraloperator.gateway.Caller;
import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Optional;

/** The application behind an HTTP request. */
final class HttpCaller implements Caller {
  private static final int LONGEST_ECHO = 256;

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private boolean open;
  private boolean reading;

  HttpCaller(HttpServerRequest request, String requestId) {
    this.request = request;
    this.response = request.response();
    response.putHeader("x-request-id", requestId);
    Optional.ofNullable(request.getHeader("x-ms-client-request-id"))
        .filter(id -> id.length() <= LONGEST_ECHO)
        .ifPresent(id -> response.putHeader("x-ms-client-request-id", id));
  }

  @Override
  public Future<Buffer> body(int limit) {
    Promise<Buffer> body = Promise.promise();
    if (declaredLength() > limit) {
      body.fail(tooLarge(limit));
      return body.future();
    }
    Buffer read = Buffer.buffer();
    reading = true;
    request.handler(
        bytes -> {
          if (read.length() + bytes.length() > limit) {
            request.handler(rest -> {});
            body.tryFail(tooLarge(limit));
          } else {
            read.appendBuffer(bytes);
          }
        });
    request.endHandler(
        end -> {
          reading = false;
          body.tryComplete(read);
        });
    return body.future();
  }

  private long declaredLength() {
    String length = request.getHeader("content-length");
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException notDeclared) {
      return 0;
    }
  }

  private Refusal tooLarge(int limit) {
    if (request.version() != HttpVersion.HTTP_2) {
      // The rest of the body is not worth reading.
      response.putHeader("connection", "close");
    }
    return Refusal.of(
        ErrorCode.REQUEST_TOO_LARGE, "The body may have at most " + limit + " bytes.");
  }

  @Override
  public void answer(Buffer json) {
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
    response.write(events);
    return !response.writeQueueFull();
  }

  @Override
  public void whenDrained(Runnable action) {
    response.drainHandler(drained -> action.run());
  }

  @Override
  public void end() {
    response.end();
  }

  @Override
  public void refuse(Refusal refusal) {
    if (open) {
      response.end(ErrorWriter.events(refusal));
    } else {
      boolean silentClient = reading && refusal.code() == ErrorCode.REQUEST_TIMEOUT;
      if (silentClient && request.version() != HttpVersion.HTTP_2) {
        response.putHeader("connection", "close");
        ErrorWriter.answer(response, refusal).onComplete(sent -> request.connection().close());
      } else {
        ErrorWriter.answer(response, refusal);
      }
    }
  }

  @Override
  public void whenGone(Runnable action) {
    // HTTP/2 tells of a reset stream, HTTP/1.1 of a closed connection.
    response.exceptionHandler(broken -> action.run());
    response.closeHandler(closed -> action.run());
  }
}
