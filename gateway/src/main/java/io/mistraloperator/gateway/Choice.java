package io.mistraloperator.gateway;

import io.mistraloperator.gateway.balance.Demand;
import io.mistraloperator.gateway.chat.EngineEvent;
import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.chat.Tools;
import io.mistraloperator.gateway.dialect.rule.CallCheck;
import io.mistraloperator.gateway.engine.EngineRequest;
import io.mistraloperator.gateway.route.Deployment;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One choice of an answer, its tool calls checked. A generation that misses what was asked is made
 * once more while nothing of it has been told (row C2).
 */
final class Choice {
  private static final int MOST_GENERATIONS = 2;

  private final Services services;
  private final Deployment deployment;
  private final EngineRequest request;
  private final Demand demand;
  private final Tools tools;
  private final Journal journal;
  private final Runnable sent;
  private final Consumer<EngineEvent> sink;
  private Optional<Dispatch> dispatch = Optional.empty();
  private CallCheck check;
  private int generations;
  private boolean told;

  Choice(
      Services services,
      Deployment deployment,
      EngineRequest request,
      Demand demand,
      Tools tools,
      Journal journal,
      Runnable sent,
      Consumer<EngineEvent> sink) {
    this.services = services;
    this.deployment = deployment;
    this.request = request;
    this.demand = demand;
    this.tools = tools;
    this.journal = journal;
    this.sent = sent;
    this.sink = sink;
  }

  void start() {
    generations++;
    check = new CallCheck(tools);
    Dispatch generation =
        new Dispatch(services, deployment, request, demand, journal, this::sent, this::event);
    dispatch = Optional.of(generation);
    generation.start();
  }

  /** Whether it may have to be generated again. */
  private boolean repeatable() {
    return !tools.offered().isEmpty() && generations < MOST_GENERATIONS;
  }

  private void sent() {
    if (!repeatable()) {
      sent.run();
    }
  }

  private void event(EngineEvent event) {
    switch (check.of(event)) {
      case CallCheck.Verdict.Pass(var events) -> {
        told |= !events.isEmpty();
        events.forEach(sink);
      }
      case CallCheck.Verdict.Miss(String reason) -> missed(reason);
    }
  }

  private void missed(String reason) {
    journal.engineError();
    cancel();
    if (told || !repeatable()) {
      sink.accept(new EngineEvent.Failure(Refusal.of(ErrorCode.ENGINE_FAILED, reason)));
    } else {
      start();
    }
  }

  void pause() {
    dispatch.ifPresent(Dispatch::pause);
  }

  void resume() {
    dispatch.ifPresent(Dispatch::resume);
  }

  /** Lets go of the instance; nothing is told any more. */
  void cancel() {
    dispatch.ifPresent(Dispatch::cancel);
  }
}
