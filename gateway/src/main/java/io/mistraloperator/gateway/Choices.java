package io.mistraloperator.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.balance.Demand;
import io.mistraloperator.gateway.chat.EngineEvent;
import io.mistraloperator.gateway.chat.InferenceRequest;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.chat.Usage;
import io.mistraloperator.gateway.engine.Engine;
import io.mistraloperator.gateway.engine.EngineRequest;
import io.mistraloperator.gateway.engine.Payload;
import io.mistraloperator.gateway.hold.Ticket;
import io.mistraloperator.gateway.route.Deployment;
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
  private final Runnable sent;
  private final List<Payload> payloads = new ArrayList<>();
  private final List<Choice> choices = new ArrayList<>();
  private Optional<Supplier<Future<Optional<Refusal>>>> room = Optional.empty();
  private final Ticket ticket;
  private Optional<Usage> usage = Optional.empty();
  private int unsent;
  private int open;
  private boolean over;

  /**
   * Makes the choices; none is asked for yet.
   *
   * @param sent run when nothing of the request is needed any more; never when it may be repeated
   */
  Choices(
      Services services,
      Deployment deployment,
      InferenceRequest asked,
      Journal journal,
      Runnable sent,
      Sink sink) {
    this.sink = sink;
    this.sent = sent;
    this.open = asked.choices();
    this.unsent = asked.choices();
    boolean alike = asked.sampling().seed().isEmpty();
    ObjectNode body = body(deployment, asked);
    EngineRequest first = EngineRequest.of(asked, body);
    Demand demand = Demand.of(asked, first.promptEstimate());
    journal.weighs(demand.tokens() * asked.choices());
    this.ticket =
        services
            .waiting()
            .place(
                deployment,
                first.payload().length(),
                journal.waiting(this::check, reason -> event(0, new EngineEvent.Failure(reason))));
    if (Room.uncertain(asked.sampling(), body, deployment.model().contextLength())) {
      room = Optional.of(() -> Room.counted(services, deployment, asked.sampling(), demand, body));
    }
    for (int i = 0; i < asked.choices(); i++) {
      int index = i;
      EngineRequest request = alike || i == 0 ? first : order(deployment, asked.choice(i));
      payloads.add(request.payload());
      choices.add(
          new Choice(
              services,
              deployment,
              request,
              demand,
              asked.tools(),
              journal,
              this::sent,
              event -> event(index, event)));
    }
  }

  private static ObjectNode body(Deployment deployment, InferenceRequest request) {
    return Engine.of(deployment.engine())
        .write(request, deployment.model(), deployment.servedModel());
  }

  private static EngineRequest order(Deployment deployment, InferenceRequest request) {
    return EngineRequest.of(request, body(deployment, request));
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

  private void sent() {
    unsent--;
    if (unsent == 0) {
      payloads.forEach(Payload::drop);
      sent.run();
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
