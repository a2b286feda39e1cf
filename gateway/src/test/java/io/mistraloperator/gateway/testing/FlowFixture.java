package io.mistraloperator.gateway.testing;

import io.mistraloperator.api.Engine;
import io.mistraloperator.gateway.route.Route;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A gateway, one endpoint and one engine for each test. */
public abstract class FlowFixture {
  public static final String HELLO = "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
  public static final String HELLO_STREAM =
      "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}],\"stream\":true}";

  protected final Vertx vertx = Vertx.vertx();
  protected final Route route = Routes.route("Chat-One", Engine.LlamaCpp, Routes.CHAT);
  protected StubEngine engine;
  protected GatewayUnderTest gateway;

  @BeforeEach
  void startParts() throws Exception {
    engine = new StubEngine(vertx);
    gateway = open();
    gateway.serve(route);
    gateway.instances(route, engine.instance());
  }

  /** The gateway; a test may have another one. */
  protected GatewayUnderTest open() throws Exception {
    return new GatewayUnderTest(vertx);
  }

  @AfterEach
  void stopParts() {
    gateway.close();
    engine.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
