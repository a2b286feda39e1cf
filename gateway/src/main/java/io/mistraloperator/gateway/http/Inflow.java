package io.mistraloperator.gateway.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * The body of one request on its way in. While it is held its bytes stay in the network: a paused
 * HTTP/1.1 request by itself still takes in a good 100 KB, which nobody has counted. HTTP/2 has
 * windows for that. Used on the request's event loop.
 */
final class Inflow {
  /** Bytes of a body that has mostly come with its head, and weighs less than its connection. */
  private static final long SMALL = 8 * 1024;

  private final HttpServerRequest request;
  private final boolean holds;

  private Inflow(HttpServerRequest request, boolean holds) {
    this.request = request;
    this.holds = holds;
  }

  /** Holds the body of {@code request}, of which only the head was read. */
  static Inflow held(HttpServerRequest request) {
    request.pause();
    Inflow inflow = new Inflow(request, request.version() != HttpVersion.HTTP_2 && large(request));
    inflow.read(false);
    return inflow;
  }

  /** Lets it come. */
  void release() {
    read(true);
    request.resume();
  }

  /** Without a body the end is there already, and the next request must not be kept out. */
  private static boolean large(HttpServerRequest request) {
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        || DeclaredLength.of(request) > SMALL;
  }

  private void read(boolean on) {
    if (holds) {
      ((ConnectionBase) request.connection()).channel().config().setAutoRead(on);
    }
  }
}
