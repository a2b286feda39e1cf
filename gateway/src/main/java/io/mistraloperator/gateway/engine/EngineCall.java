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
import io.vertx.core.http.impl.HttpClientConnection;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * One request to one instance. A server closes connections that it has not used for a while,
 * perhaps in the moment in which the request is on its way: where one that was used before breaks
 * at once, the request goes out again on a new one, since nobody has seen it (row C7.2). The sink
 * is told {@link EngineSink#unreachable} or events up to the end, and nothing at all after {@link
 * #cancel}. Bound to the event loop that made it.
 */
public final class EngineCall {
  private static final int ERROR_BODY_LIMIT = 64 * 1024;

  /** The way to an instance and back takes less; what breaks later has begun to answer. */
  private static final Duration AT_ONCE = Duration.ofMillis(50);

  private final EngineRequest order;
  private final Map<String, String> headers;
  private final EngineSink sink;
  private final CompletionReader reader;
  private final SilenceTimer.Ticker ticker;
  private final SilenceTimer silence;
  private final HttpClient fresh;
  private final RequestOptions options;
  private Optional<HttpClientRequest> request = Optional.empty();
  private Optional<HttpClientResponse> response = Optional.empty();

  /** Takes back that a used connection is soon held to be sound. */
  private Optional<Runnable> settling = Optional.empty();

  private boolean used;
  private boolean sent;
  private boolean over;

  /**
   * Makes a call; nothing is sent.
   *
   * @param fresh has a new connection for every request
   */
  EngineCall(
      HttpClient fresh,
      SocketAddress instance,
      EngineRequest order,
      RequestLimits limits,
      Map<String, String> headers,
      SilenceTimer.Ticker ticker,
      EngineSink sink) {
    this.fresh = fresh;
    this.ticker = ticker;
    this.headers = headers;
    this.order = order;
    this.sink = sink;
    this.reader = new CompletionReader(order, this::tell);
    this.silence = new SilenceTimer(limits, ticker, this::silent);
    this.options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setServer(instance)
            .setHost(instance.host())
            .setPort(instance.port())
            .setURI(order.api().path())
            .setConnectTimeout(limits.connect().toMillis());
  }

  /** Sends the request on a connection of {@code client}. */
  void start(HttpClient client) {
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
    used = ((HttpClientConnection) opened.connection()).lastResponseReceivedTimestamp() != 0;
    headers.forEach(opened::putHeader);
    opened.putHeader("content-type", "application/json");
    opened.putHeader("accept", "text/event-stream, application/json");
    opened.putHeader("accept-encoding", "identity");
    opened.response().onSuccess(this::answered).onFailure(cause -> lost());
    opened.end(order.payload().bytes()).onSuccess(done -> written());
    silence.start();
  }

  private void written() {
    if (used) {
      settling = Optional.of(ticker.after(AT_ONCE, this::sent));
    } else {
      sent();
    }
  }

  private void sent() {
    unsettle();
    if (!over && !sent) {
      sent = true;
      sink.sent();
    }
  }

  private void unsettle() {
    settling.ifPresent(Runnable::run);
    settling = Optional.empty();
  }

  private void lost() {
    // The way to a new connection may be longer, and the request is needed at its end.
    unsettle();
    if (used && !sent && !over) {
      silence.stop();
      start(fresh);
    } else {
      tell(new EngineEvent.Failure(EngineFailures.connectionLost()));
    }
  }

  private void answered(HttpClientResponse answer) {
    if (over) {
      return;
    }
    response = Optional.of(answer);
    sent();
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
                    EngineFailures.of(order, answer.statusCode(), body.getBytes())));
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
    unsettle();
  }
}
