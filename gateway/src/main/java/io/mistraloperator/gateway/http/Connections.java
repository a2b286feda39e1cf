package io.mistraloperator.gateway.http;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The connections of one event loop, of which those without a request are closed after a while. The
 * idle time-outs of the server itself would not do: they cut answers at which the model is silent,
 * and never those who send the head of a request byte by byte.
 */
final class Connections {
  private final ConnectionLimits limits;
  private final LongSupplier nanos;
  private final Map<HttpConnection, State> open = new HashMap<>();

  private final class State {
    private Duration limit = limits.head();
    private int running;
    private boolean closing;
    private boolean headOpen;
    private long since = nanos.getAsLong();

    private boolean late(long now) {
      return running == 0 && now - since > limit.toNanos();
    }

    /** The next head has begun: it gets the time that the first one has, if that is shorter. */
    private void headBegun() {
      if (!headOpen) {
        headOpen = true;
        if (running == 0 && limit != limits.head()) {
          limit = limits.nextHead();
          since = nanos.getAsLong();
        }
      }
    }

    private void headComplete() {
      headOpen = false;
    }

    private void ended() {
      running--;
      since = nanos.getAsLong();
      limit = headOpen ? limits.nextHead() : limits.idle();
    }
  }

  /**
   * Makes an empty set.
   *
   * @param nanos nanoseconds since some moment
   */
  Connections(ConnectionLimits limits, LongSupplier nanos) {
    this.limits = limits;
    this.nanos = nanos;
  }

  void opened(HttpConnection connection) {
    State state = new State();
    open.put(connection, state);
    HeadWatch.attach(
        ((ConnectionBase) connection).channel(), state::headBegun, state::headComplete);
  }

  void closed(HttpConnection connection) {
    open.remove(connection);
  }

  /** The head of a request has come. */
  void began(HttpConnection connection) {
    State state = open.get(connection);
    if (state != null) {
      state.running++;
    }
  }

  /** An answer is over, or the connection. */
  void ended(HttpConnection connection) {
    State state = open.get(connection);
    if (state != null) {
      state.ended();
    }
  }

  /** Closes those that have done without a request for too long. */
  void sweep() {
    long now = nanos.getAsLong();
    List<HttpConnection> late =
        open.entrySet().stream()
            .filter(entry -> entry.getValue().late(now))
            .map(Map.Entry::getKey)
            .toList();
    for (HttpConnection connection : late) {
      State state = open.get(connection);
      if (state.closing) {
        // Still open: nobody reads what was written before.
        ((ConnectionBase) connection).channel().close();
      } else {
        state.closing = true;
        state.since = now;
        connection.close();
      }
    }
  }

  /** How often to look, so that a limit is kept to a quarter, or a second. */
  static Duration interval(ConnectionLimits limits) {
    Duration quarter = limits.nextHead().dividedBy(4).plusMillis(1);
    return quarter.compareTo(Duration.ofSeconds(1)) < 0 ? quarter : Duration.ofSeconds(1);
  }
}
