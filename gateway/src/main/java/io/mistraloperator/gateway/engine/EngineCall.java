package io.mistraloperator.gateway.engine;

import io.mistraloperator.gateway.chat.EngineEvent;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.chat.RequestLimits;
import io.mistraloperator.gateway.engine.sse.SseReader;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.util.Map;
import java.util.Optional;

/**
 * One request to one instance. The sink is told {@link EngineSink#unreachable} or events up to the
 * end, and nothing at all after {@link #cancel}. Bound to the event loop that made it.
 */
public final class EngineCall {
  private static final int ERROR_BODY_LIMIT = 64 * 1024;

  private final EngineRequest order;
  private final Map<String, String> headers;
  private final EngineSink sink;
  private final CompletionReader reader;
  private final SilenceTimer silence;
  private Optional<HttpClientRequest> request = Optional.empty();
  private Optional<HttpClientResponse> response = Optional.empty();
  private boolean over;

  EngineCall(
      EngineRequest order,
      RequestLimits limits,
      Map<String, String> headers,
      SilenceTimer.Ticker ticker,
      EngineSink sink) {
    this.headers = headers;
    this.order = order;
    this.sink = sink;
    this.reader = new CompletionReader(order, this::tell);
    this.silence = new SilenceTimer(limits, ticker, this::silent);
  }

  void start(HttpClient client, SocketAddress instance) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setServer(instance)
            .setHost(instance.host())
            .setPort(instance.port())
            .setURI(order.api().path());
    client
        .request(options)
        .onSuccess(
            opened -> {
              if (over) {
                opened.reset();
              } else {
                send(opened);
              }
            })
        .onFailure(
            cause -> {
              if (!over) {
                over = true;
                sink.unreachable();
              }
            });
  }

  /** Lets go: the instance sees its connection close. Does nothing after the end. */
  public void cancel() {
    if (!over) {
      end();
      request.ifPresent(HttpClientRequest::reset);
    }
  }

  /** Stops reading until {@link #resume}. */
  public void pause() {
    if (!over) {
      response.ifPresent(HttpClientResponse::pause);
      silence.hold();
    }
  }

  /** Reads on. */
  public void resume() {
    response.ifPresent(HttpClientResponse::resume);
    if (!over) {
      silence.goOn();
    }
  }

  private void send(HttpClientRequest opened) {
    request = Optional.of(opened);
    headers.forEach(opened::putHeader);
    opened.putHeader("content-type", "application/json");
    opened.putHeader("accept", "text/event-stream, application/json");
    opened.putHeader("accept-encoding", "identity");
    opened
        .response()
        .onSuccess(this::answered)
        .onFailure(cause -> tell(new EngineEvent.Failure(EngineFailures.connectionLost())));
    opened
        .end(order.payload().bytes())
        .onSuccess(
            done -> {
              if (!over) {
                sink.sent();
              }
            });
    silence.start();
  }

  private void answered(HttpClientResponse answer) {
    if (over) {
      return;
    }
    response = Optional.of(answer);
    if (answer.statusCode() == 200) {
      events(answer);
    } else {
      error(answer);
    }
  }

  private void events(HttpClientResponse answer) {
    SseReader events =
        new SseReader(
            data -> {
              silence.heard();
              reader.read(data);
            });
    answer.handler(
        bytes -> {
          try {
            events.read(bytes);
          } catch (IllegalStateException tooLong) {
            abandon();
          }
        });
    answer.endHandler(end -> reader.endOfStream());
    answer.exceptionHandler(broken -> reader.endOfStream());
  }

  /** The server breaks the protocol: read no more of it. */
  private void abandon() {
    reader.fail();
    request.ifPresent(HttpClientRequest::reset);
  }

  private void silent(Refusal reason) {
    tell(new EngineEvent.Failure(reason));
    request.ifPresent(HttpClientRequest::reset);
  }

  private void error(HttpClientResponse answer) {
    Buffer body = Buffer.buffer();
    Runnable told =
        () ->
            tell(
                new EngineEvent.Failure(
                    EngineFailures.of(order.api(), answer.statusCode(), body.getBytes())));
    answer.handler(
        bytes -> {
          if (over) {
            return;
          }
          body.appendBuffer(bytes);
          if (body.length() > ERROR_BODY_LIMIT) {
            told.run();
            request.ifPresent(HttpClientRequest::reset);
          }
        });
    answer.endHandler(end -> told.run());
    answer.exceptionHandler(
        broken -> tell(new EngineEvent.Failure(EngineFailures.connectionLost())));
  }

  private void tell(EngineEvent event) {
    if (over) {
      return;
    }
    if (event instanceof EngineEvent.Finish || event instanceof EngineEvent.Failure) {
      end();
      // What is left must be read, or the connection would never be free.
      response.ifPresent(HttpClientResponse::resume);
    }
    sink.event(event);
  }

  private void end() {
    over = true;
    silence.stop();
  }
}
