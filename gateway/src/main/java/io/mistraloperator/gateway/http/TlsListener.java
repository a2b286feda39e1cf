package io.mistraloperator.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The TLS listener: waits for its certificate, listens once it is there, and serves a renewed one
 * as soon as it is seen.
 */
public final class TlsListener {
  private static final Logger LOG = Logger.getLogger(TlsListener.class);

  private final Vertx vertx;
  private final GatewayServer server;
  private final TlsFiles files;
  private final int port;
  private Optional<ServedCertificate> certificate = Optional.empty();
  private Optional<TlsFiles.Pair> seen = Optional.empty();
  private boolean busy;
  private long timer;
  private volatile int actualPort;

  /** Makes a listener on {@code port}, 0 for any that is free. */
  public TlsListener(Vertx vertx, GatewayServer server, TlsFiles files, int port) {
    this.vertx = vertx;
    this.server = server;
    this.files = files;
    this.port = port;
  }

  /** Looks at the files now and every {@code interval}. */
  public void start(Duration interval) {
    vertx.runOnContext(
        now -> {
          look();
          timer = vertx.setPeriodic(interval.toMillis(), tick -> look());
        });
  }

  /** Stops looking. */
  public void stop() {
    vertx.cancelTimer(timer);
  }

  /** Whether a certificate is served. */
  public boolean ready() {
    return actualPort != 0;
  }

  /** The port; 0 until {@link #ready}. */
  public int port() {
    return actualPort;
  }

  private void look() {
    if (busy) {
      return;
    }
    busy = true;
    vertx
        .executeBlocking(files::read)
        .compose(found -> found.equals(seen) ? Future.succeededFuture() : changed(found))
        .onFailure(
            cause ->
                LOG.errorf("The certificate in %s is not served: %s", files.directory(), cause))
        .onComplete(done -> busy = false);
  }

  private Future<Void> changed(Optional<TlsFiles.Pair> found) {
    seen = found;
    return found.map(this::serve).orElseGet(Future::succeededFuture);
  }

  private Future<Void> serve(TlsFiles.Pair pair) {
    return certificate
        .map(shown -> replace(shown, pair))
        .orElseGet(() -> listen(pair))
        .onSuccess(done -> LOG.infof("Serving the certificate in %s", files.directory()));
  }

  private Future<Void> replace(ServedCertificate shown, TlsFiles.Pair pair) {
    return vertx.executeBlocking(
        () -> {
          shown.replace(vertx, pair.options());
          return null;
        });
  }

  private Future<Void> listen(TlsFiles.Pair pair) {
    return vertx
        .executeBlocking(() -> ServedCertificate.of(vertx, pair.options()))
        .compose(
            shown ->
                server
                    .listenTls(port, KeyCertOptions.wrap(shown))
                    .onSuccess(
                        up -> {
                          certificate = Optional.of(shown);
                          actualPort = up.actualPort();
                        }))
        // Nothing is served yet, so whatever stood in the way is tried again.
        .onFailure(cause -> seen = Optional.empty())
        .mapEmpty();
  }
}
