package io.mistraloperator.gateway;

import io.mistraloperator.gateway.balance.Demand;
import io.mistraloperator.gateway.balance.Picker;
import io.mistraloperator.gateway.chat.EngineEvent;
import io.mistraloperator.gateway.engine.Engine;
import io.mistraloperator.gateway.engine.EngineCall;
import io.mistraloperator.gateway.engine.EngineRequest;
import io.mistraloperator.gateway.engine.EngineSink;
import io.mistraloperator.gateway.hold.Ticket;
import io.mistraloperator.gateway.observe.CallSpan;
import io.mistraloperator.gateway.observe.GenAi;
import io.mistraloperator.gateway.observe.TraceContext;
import io.mistraloperator.gateway.route.Deployment;
import io.mistraloperator.gateway.route.Instance;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Brings one generation to an instance: picks, calls, and picks again while instances cannot be
 * connected to, after a pause those that could not; waits for others where requests of the endpoint
 * wait. Once an instance has the request there is no second try (row C7.2).
 */
final class Dispatch implements EngineSink {
  private static final int MOST_ATTEMPTS = 3;

  /** Before the second attempt at an instance; before the third twice as long. */
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Services services;
  private final Deployment deployment;
  private final Engine engine;
  private final EngineRequest request;
  private final Journal journal;
  private final Runnable sent;
  private final Consumer<EngineEvent> sink;
  private final Demand demand;
  private Set<Instance> tried = new HashSet<>();
  private int attempts;
  private OptionalLong pause = OptionalLong.empty();
  private Optional<Ticket> ticket = Optional.empty();
  private Optional<Picker.Lease> lease = Optional.empty();
  private Optional<EngineCall> call = Optional.empty();
  private Optional<CallSpan> span = Optional.empty();

  Dispatch(
      Services services,
      Deployment deployment,
      EngineRequest request,
      Demand demand,
      Journal journal,
      Runnable sent,
      Consumer<EngineEvent> sink) {
    this.services = services;
    this.deployment = deployment;
    this.engine = Engine.of(deployment.engine());
    this.request = request;
    this.demand = demand;
    this.journal = journal;
    this.sent = sent;
    this.sink = sink;
  }

  void start() {
    List<Instance> ready = services.instances().ready(deployment.service());
    Optional<Picker.Lease> picked =
        attempts < MOST_ATTEMPTS ? services.picker().pick(ready, tried, demand) : Optional.empty();
    if (picked.isEmpty()) {
      if (attempts > 0 && attempts < MOST_ATTEMPTS && !ready.isEmpty()) {
        tryAgain();
      } else {
        await();
      }
      return;
    }
    lease = picked;
    Instance instance = picked.get().instance();
    tried.add(instance);
    attempts++;
    journal.attempt();
    call(instance);
  }

  private void call(Instance instance) {
    span =
        services
            .tracing()
            .call(
                journal.trace(),
                GenAi.operation(deployment.model().task()),
                deployment.model().name(),
                instance.address(),
                instance.port());
    TraceContext trace = span.isPresent() ? span.get().context() : journal.trace();
    call =
        Optional.of(
            services
                .engines()
                .open(
                    engine,
                    SocketAddress.inetSocketAddress(instance.port(), instance.address()),
                    request,
                    deployment.limits(),
                    trace.headers(),
                    this));
  }

  /** What refuses a connection once, such as a server that restarts, may take the next one. */
  private void tryAgain() {
    tried = new HashSet<>();
    pause =
        OptionalLong.of(
            services.vertx().setTimer(PAUSE.multipliedBy(attempts).toMillis(), due -> start()));
  }

  /** The last instance may have gone while it was being connected to (row C7). */
  private void await() {
    Ticket again =
        services
            .waiting()
            .again(
                deployment,
                request.payload().length(),
                tried,
                journal.waiting(
                    this::goOn, reason -> sink.accept(new EngineEvent.Failure(reason))));
    ticket = Optional.of(again);
    again.enter();
  }

  private void goOn() {
    tried = new HashSet<>(ticket.orElseThrow().tried());
    attempts = 0;
    start();
  }

  @Override
  public void unreachable() {
    journal.engineError();
    span.ifPresent(CallSpan::unreachable);
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
      journal.engineError();
      lease.ifPresent(Picker.Lease::failed);
    } else {
      lease.ifPresent(Picker.Lease::answered);
    }
    if (event instanceof EngineEvent.Finish || event instanceof EngineEvent.Failure) {
      if (span.isPresent()) {
        span.get().end(event);
      }
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
    pause.ifPresent(services.vertx()::cancelTimer);
    ticket.ifPresent(Ticket::leave);
    call.ifPresent(EngineCall::cancel);
    span.ifPresent(CallSpan::cancelled);
    release();
  }

  private void release() {
    lease.ifPresent(Picker.Lease::release);
  }
}
