package io.mistraloperator.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.balance.Demand;
import io.mistraloperator.gateway.chat.ChatRequest;
import io.mistraloperator.gateway.chat.EngineEvent;
import io.mistraloperator.gateway.chat.InferenceRequest;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.chat.Usage;
import io.mistraloperator.gateway.engine.Engine;
import io.mistraloperator.gateway.engine.EngineRequest;
import io.mistraloperator.gateway.hold.Ticket;
import io.mistraloperator.gateway.route.Route;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * All choices of one answer, a generation for each (row C1): one server refuses more choices than
 * it has slots and counts the tokens of one, the other refuses several at temperature 0. They end
 * together when one fails.
 */
final class Choices {
  /** Gets what becomes of the choices. */
  interface Sink {
    /**
     * The next event of a choice. A {@link EngineEvent.Finish} has the usage of all choices that
     * are finished.
     *
     * @param choice from 0
     * @param last whether nothing follows, of this choice or another
     */
    void event(int choice, EngineEvent event, boolean last);
  }

  private final Sink sink;
  private final List<Choice> choices = new ArrayList<>();
  private Optional<Supplier<Future<Optional<Refusal>>>> room = Optional.empty();
  private final Ticket ticket;
  private Optional<Usage> usage = Optional.empty();
  private int open;
  private boolean over;

  Choices(Services services, Route route, InferenceRequest asked, Ledger ledger, Sink sink) {
    this.sink = sink;
    this.open = asked.choices();
    boolean alike = asked.sampling().seed().isEmpty();
    ObjectNode body = body(route, asked);
    EngineRequest first = EngineRequest.of(asked, body);
    Demand demand = Demand.of(asked, first.promptEstimate());
    ledger.weighs(demand.tokens() * asked.choices());
    this.ticket =
        services
            .waiting()
            .place(
                route,
                first.body().length(),
                ledger.waiting(this::check, reason -> event(0, new EngineEvent.Failure(reason))));
    if (asked instanceof ChatRequest
        && Room.uncertain(asked.sampling(), body, route.model().contextLength())) {
      room = Optional.of(() -> Room.counted(services, route, asked.sampling(), demand, body));
    }
    for (int i = 0; i < asked.choices(); i++) {
      int index = i;
      EngineRequest request = alike || i == 0 ? first : order(route, asked.choice(i));
      choices.add(
          new Choice(
              services,
              route,
              request,
              demand,
              asked.tools(),
              ledger,
              event -> event(index, event)));
    }
  }

  private static ObjectNode body(Route route, InferenceRequest request) {
    return Engine.of(route.engine()).write(request, route.model(), route.servedModel());
  }

  private static EngineRequest order(Route route, InferenceRequest request) {
    return EngineRequest.of(request, body(route, request));
  }

  /** Begins as soon as there is an instance for it. */
  void start() {
    ticket.enter();
  }

  /** Goes on when there is room for the answer. */
  private void check() {
    Optional<Supplier<Future<Optional<Refusal>>>> check = room;
    // It holds the whole conversation, which generations need not keep.
    room = Optional.empty();
    check.ifPresentOrElse(
        counting ->
            counting
                .get()
                .onSuccess(
                    refusal ->
                        refusal.ifPresentOrElse(
                            no -> event(0, new EngineEvent.Failure(no)), this::generate)),
        this::generate);
  }

  private void generate() {
    for (Choice choice : choices) {
      // One that fails at once ends those that have not begun.
      if (!over) {
        choice.start();
      }
    }
  }

  private void event(int choice, EngineEvent event) {
    if (over) {
      return;
    }
    switch (event) {
      case EngineEvent.Finish(var reason, Usage own) -> {
        Usage all = usage.map(own::with).orElse(own);
        usage = Optional.of(all);
        open--;
        over = open == 0;
        if (over) {
          ticket.leave();
        }
        sink.event(choice, new EngineEvent.Finish(reason, all), over);
      }
      case EngineEvent.Failure failure -> {
        cancel();
        sink.event(choice, failure, true);
      }
      case EngineEvent.Text text -> sink.event(choice, text, false);
      case EngineEvent.Call call -> sink.event(choice, call, false);
    }
  }

  void pause() {
    choices.forEach(Choice::pause);
  }

  void resume() {
    choices.forEach(Choice::resume);
  }

  /** Lets go of all instances; nothing is told any more. */
  void cancel() {
    over = true;
    choices.forEach(Choice::cancel);
    ticket.leave();
  }
}
