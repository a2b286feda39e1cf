package io.mistraloperator.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import org.jboss.logging.Logger;

/**
 * Sends clients elsewhere without failing a request of theirs. A request that crosses the word to
 * go is answered still: over HTTP/2 the word is a GOAWAY that takes back no stream (RFC 9113, 6.8),
 * over HTTP/1.1 it is the header {@code connection: close} of an answer (RFC 9112, 9.6). Closing
 * comes only after a time in which nobody asked for anything.
 */
final class Drain {
  private static final Logger LOG = Logger.getLogger(Drain.class);

  /** HTTP/2's code for "begin nothing new". */
  private static final long NO_ERROR = 0;

  /** The highest stream that there can be: whatever is on its way is answered. */
  private static final int EVERY_STREAM = Integer.MAX_VALUE;

  private static final long POLL_MILLIS = 50;

  private final Vertx vertx;
  private final IntSupplier connections;
  private final IntSupplier running;
  private final Set<HttpConnection> multiplexed = ConcurrentHashMap.newKeySet();
  private volatile boolean begun;
  private volatile long lastBusy;

  /**
   * Makes a drain that has not begun.
   *
   * @param connections how many are open
   * @param running requests being answered
   */
  Drain(Vertx vertx, IntSupplier connections, IntSupplier running) {
    this.vertx = vertx;
    this.connections = connections;
    this.running = running;
  }

  /** A request has come; once the drain has begun, its client is told to go. */
  void requested(HttpServerRequest request) {
    boolean multiplexing = request.version() == HttpVersion.HTTP_2;
    boolean first = multiplexing && multiplexed.add(request.connection());
    if (!begun) {
      return;
    }
    lastBusy = System.nanoTime();
    if (first) {
      request.connection().goAway(NO_ERROR, EVERY_STREAM);
    } else if (!multiplexing) {
      request.response().putHeader("connection", "close");
    }
  }

  /** An answer is over; the connection is closed where its client was told so. */
  void answered(HttpServerRequest request) {
    if (begun
        && request.version() != HttpVersion.HTTP_2
        && "close".equals(request.response().headers().get("connection"))) {
      // Closing before all is read would reset the connection, and the answer could be lost.
      if (request.isEnded()) {
        request.connection().close();
      } else {
        request.end().onSuccess(read -> request.connection().close());
      }
    }
  }

  void closed(HttpConnection connection) {
    multiplexed.remove(connection);
  }

  /**
   * Tells all clients to go.
   *
   * @param quiet how long nothing must have run before the connections that are left may be closed
   * @param limit how long to wait for that at most
   * @return ends when they may be closed
   */
  Future<Void> begin(Duration quiet, Duration limit) {
    long now = System.nanoTime();
    lastBusy = now;
    begun = true;
    multiplexed.forEach(connection -> connection.goAway(NO_ERROR, EVERY_STREAM));
    Promise<Void> over = Promise.promise();
    poll(quiet.toNanos(), now + limit.toNanos(), over);
    return over.future();
  }

  private void poll(long quietNanos, long deadline, Promise<Void> over) {
    long now = System.nanoTime();
    int busy = running.getAsInt();
    if (busy > 0) {
      lastBusy = now;
    }
    boolean quiet = busy == 0 && (connections.getAsInt() == 0 || now - lastBusy >= quietNanos);
    if (quiet || now - deadline >= 0) {
      if (busy > 0) {
        LOG.warnf("%d requests are cut: the drain took too long", busy);
      }
      // What comes from now on is not read: a client may send it again elsewhere.
      multiplexed.forEach(connection -> connection.goAway(NO_ERROR));
      over.complete();
    } else {
      vertx.setTimer(POLL_MILLIS, timer -> poll(quietNanos, deadline, over));
    }
  }
}
