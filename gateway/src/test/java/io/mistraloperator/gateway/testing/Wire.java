package io.mistraloperator.gateway.testing;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A connection to a server that can be cut and joined again; cut at first. */
public final class Wire implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final NetClient client = vertx.createNetClient();
  private final int target;
  private final int port;
  private Optional<NetServer> server = Optional.empty();

  /** Leads to {@code target} on this computer. */
  public Wire(int target) {
    this.target = target;
    try (ServerSocket free = new ServerSocket(0)) {
      this.port = free.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return port;
  }

  public void join() throws Exception {
    NetServer listening = vertx.createNetServer().connectHandler(this::connect);
    listening
        .listen(port, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
    server = Optional.of(listening);
  }

  /** Closes every connection and refuses new ones. */
  public void cut() throws Exception {
    server.orElseThrow().close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  private void connect(NetSocket near) {
    near.pause();
    client
        .connect(target, "127.0.0.1")
        .onSuccess(
            far -> {
              near.handler(far::write).closeHandler(closed -> far.close());
              far.handler(near::write).closeHandler(closed -> near.close());
              near.resume();
            })
        .onFailure(refused -> near.close());
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
