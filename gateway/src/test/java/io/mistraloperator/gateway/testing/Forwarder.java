package io.mistraloperator.gateway.testing;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** What stands between clients and a gateway, and can hold back what the gateway says. */
public final class Forwarder {
  private final NetClient client;
  private final NetServer server;
  private final List<NetSocket> answers = new CopyOnWriteArrayList<>();
  private final int target;

  /**
   * Listens.
   *
   * @param target port of the gateway
   */
  public Forwarder(Vertx vertx, int target) throws Exception {
    this.target = target;
    this.client = vertx.createNetClient();
    this.server =
        vertx
            .createNetServer()
            .connectHandler(this::forward)
            .listen(0)
            .toCompletionStage()
            .toCompletableFuture()
            .get(5, TimeUnit.SECONDS);
  }

  private void forward(NetSocket near) {
    near.pause();
    client
        .connect(target, "localhost")
        .onFailure(refused -> near.close())
        .onSuccess(
            far -> {
              answers.add(far);
              near.pipeTo(far);
              far.pipeTo(near);
            });
  }

  public int port() {
    return server.actualPort();
  }

  /** Lets nothing through from the gateway to the clients that are connected. */
  public void holdAnswers() {
    answers.forEach(NetSocket::pause);
  }

  /** Lets through what was held, and what comes. */
  public void releaseAnswers() {
    answers.forEach(NetSocket::resume);
  }
}
