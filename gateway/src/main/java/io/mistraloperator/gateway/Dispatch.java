package io.mistraloperator.gateway;

import io.mistraloperator.gateway.balance.Demand;
import io.mistraloperator.gateway.balance.Picker;
import io.mistraloperator.gateway.chat.EngineEvent;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.engine.Engine;
import io.mistraloperator.gateway.engine.EngineCall;
import io.mistraloperator.gateway.engine.EngineRequest;
import io.mistraloperator.gateway.engine.EngineSink;
import io.mistraloperator.gateway.route.Instance;
import io.mistraloperator.gateway.route.Route;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Brings one generation to an instance: picks, calls, and picks again while instances cannot be
 * connected to. Once an instance has the request there is no second try.
 */
final class Dispatch implements EngineSink {
  private static final int MOST_ATTEMPTS = 3;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final Services services;
  private final Route route;
  private final Engine engine;
  private final EngineRequest request;
  private final Ledger ledger;
  private final Runnable sent;
  private final Consumer<EngineEvent> sink;
  private final Demand demand;
  private final Set<Instance> tried = new HashSet<>();
  private Optional<Picker.Lease> lease = Optional.empty();
  private Optional<EngineCall> call = Optional.empty();

  Dispatch(
      Services services,
      Route route,
      EngineRequest request,
      Demand demand,
      Ledger ledger,
      Runnable sent,
      Consumer<EngineEvent> sink) {
    this.services = services;
    this.route = route;
    this.engine = Engine.of(route.engine());
    this.request = request;
    this.demand = demand;
    this.ledger = ledger;
    this.sent = sent;
    this.sink = sink;
  }

  void start() {
    Optional<Picker.Lease> picked =
        tried.size() < MOST_ATTEMPTS
            ? services.picker().pick(services.instances().ready(route.service()), tried, demand)
            : Optional.empty();
    if (picked.isEmpty()) {
      sink.accept(new EngineEvent.Failure(noInstance()));
      return;
    }
    lease = picked;
    Instance instance = picked.get().instance();
    tried.add(instance);
    ledger.attempt();
    call =
        Optional.of(
            services
                .engines()
                .open(
                    engine,
                    SocketAddress.inetSocketAddress(instance.port(), instance.address()),
                    request,
                    route.limits(),
                    ledger.trace().headers(),
                    this));
  }

  private Refusal noInstance() {
    return tried.isEmpty()
        ? noneReady()
        : Refusal.later("No instance of the model can be reached; try again.", RETRY_AFTER);
  }

  /** The refusal while no instance takes requests. */
  static Refusal noneReady() {
    return Refusal.later("The model has no instance that is ready; try again.", RETRY_AFTER);
  }

  @Override
  public void unreachable() {
    ledger.engineError();
    lease.ifPresent(Picker.Lease::failed);
    release();
    start();
  }

  @Override
  public void sent() {
    sent.run();
  }

  @Override
  public void event(EngineEvent event) {
    if (event instanceof EngineEvent.Failure failure && failure.reason().code().status() >= 500) {
      ledger.engineError();
      lease.ifPresent(Picker.Lease::failed);
    } else {
      lease.ifPresent(Picker.Lease::answered);
    }
    if (event instanceof EngineEvent.Finish || event instanceof EngineEvent.Failure) {
      release();
    }
    sink.accept(event);
  }

  void pause() {
    call.ifPresent(EngineCall::pause);
  }

  void resume() {
    call.ifPresent(EngineCall::resume);
  }

  /** Lets go of the instance; nothing is told any more. */
  void cancel() {
    call.ifPresent(EngineCall::cancel);
    release();
  }

  private void release() {
    lease.ifPresent(Picker.Lease::release);
  }
}
