package io.mistraloperator.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.api.MistralModelSpec.Task;
import io.mistraloperator.gateway.auth.Credential;
import io.mistraloperator.gateway.chat.ChatRequest;
import io.mistraloperator.gateway.chat.EngineEvent;
import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.dialect.AnswerHead;
import io.mistraloperator.gateway.dialect.Dialect;
import io.mistraloperator.gateway.dialect.Shaper;
import io.mistraloperator.gateway.dialect.rule.Extras;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.observe.TraceContext;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.route.RouteTable;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/**
 * One request from its head to its settlement. All of it runs on one event loop; a step that cannot
 * go on throws a {@link Refusal}, which is answered in one place.
 */
public final class Exchange {
  private static final Logger LOG = Logger.getLogger(Exchange.class);

  private final Services services;
  private final Head head;
  private final Caller caller;
  private final Ledger ledger;
  private Optional<Dispatch> dispatch = Optional.empty();
  private Optional<Shaper> shaper = Optional.empty();
  private OptionalLong deadline = OptionalLong.empty();
  private boolean streaming;
  private boolean opened;
  private boolean over;

  /**
   * Makes an exchange.
   *
   * @param requestId the gateway's id of the request
   */
  public Exchange(Services services, String requestId, Head head, Caller caller) {
    this.services = services;
    this.head = head;
    this.caller = caller;
    TraceContext trace =
        TraceContext.of(
            head.header(TraceContext.PARENT),
            head.header(TraceContext.STATE),
            ThreadLocalRandom.current());
    this.ledger = new Ledger(services, requestId, trace);
  }

  /** Takes the request through its steps. */
  public void begin() {
    caller.whenGone(this::gone);
    step(
        () -> {
          RouteTable.Match match = services.routes().find(head.host(), head.path());
          Route route = match.route();
          ledger.found(route);
          services
              .gate()
              .admit(route, Credential.in(head::header))
              .onSuccess(admitted -> step(() -> perform(match)))
              .onFailure(this::refuse);
        });
  }

  private void perform(RouteTable.Match match) {
    Route route = match.route();
    Operation operation = Operation.of(head.method(), match.path());
    ledger.asked(operation);
    switch (operation) {
      case Operation.Info() -> document(Documents.info(route.model()));
      case Operation.Models() -> document(Documents.models(route));
      case Operation.Chat(Dialect dialect) -> chat(route, dialect);
    }
  }

  private void document(ObjectNode document) {
    settle();
    caller.answer(Json.bytes(document));
  }

  private void chat(Route route, Dialect dialect) {
    if (route.model().task() != Task.ChatCompletions) {
      throw Refusal.of(
          ErrorCode.NOT_FOUND, route.model().name() + " continues text and does not chat.");
    }
    requireJson();
    limitTime(route);
    caller
        .body(route.limits().bodyBytes())
        .onSuccess(body -> step(() -> call(route, dialect, body)))
        .onFailure(this::refuse);
  }

  private void limitTime(Route route) {
    Duration limit = route.limits().total();
    deadline =
        OptionalLong.of(
            services
                .vertx()
                .setTimer(
                    limit.toMillis(),
                    late ->
                        refuse(
                            Refusal.of(
                                ErrorCode.REQUEST_TIMEOUT,
                                "The request took longer than the "
                                    + limit.toSeconds()
                                    + " seconds that this endpoint allows."))));
  }

  private void requireJson() {
    String type = head.header("content-type").orElse("application/json");
    if (!type.toLowerCase(Locale.ROOT).strip().startsWith("application/json")) {
      throw Refusal.of(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE, "The body must be sent as application/json.");
    }
  }

  private void call(Route route, Dialect dialect, Buffer body) {
    Extras.Mode extras = Extras.mode(head::header);
    ObjectNode json =
        Json.parse(body.getBytes())
            .filter(ObjectNode.class::isInstance)
            .map(ObjectNode.class::cast)
            .orElseThrow(
                () -> Refusal.of(ErrorCode.INVALID_JSON, "The body must be one JSON object."));
    ChatRequest request = dialect.read(json, extras, route.model());
    AnswerHead answer = AnswerHead.create(services.clock().instant(), route.model().name());
    shaper = Optional.of(dialect.shaper(answer, request));
    streaming = request.stream();
    Dispatch calling = new Dispatch(services, route, request, ledger, this::event);
    dispatch = Optional.of(calling);
    caller.whenDrained(calling::resume);
    calling.start();
  }

  private void event(EngineEvent event) {
    step(
        () -> {
          ledger.event(event);
          if (event instanceof EngineEvent.Failure failure) {
            throw failure.reason();
          }
          Buffer bytes = shaper.orElseThrow().shape(event);
          boolean last = event instanceof EngineEvent.Finish;
          if (last) {
            // Settled before the last byte is out: a client that has it may leave.
            settle();
          }
          if (streaming) {
            stream(bytes, last);
          } else if (last) {
            caller.answer(bytes);
          }
        });
  }

  private void stream(Buffer bytes, boolean last) {
    if (!opened) {
      opened = true;
      caller.open();
    }
    if (!caller.send(bytes)) {
      dispatch.ifPresent(Dispatch::pause);
    }
    if (last) {
      caller.end();
    }
  }

  private void gone() {
    if (!over) {
      ledger.clientGone();
      dispatch.ifPresent(Dispatch::cancel);
      settle();
    }
  }

  private void settle() {
    over = true;
    deadline.ifPresent(services.vertx()::cancelTimer);
    ledger.settle();
  }

  /** The one place where a step's refusal, or fault, becomes an answer. */
  private void step(Runnable action) {
    if (over) {
      return;
    }
    try {
      action.run();
    } catch (RuntimeException e) {
      refuse(e);
    }
  }

  private void refuse(Throwable cause) {
    if (!(cause instanceof Refusal)) {
      LOG.errorf(cause, "request %s failed inside the gateway", ledger.requestId());
    }
    if (over) {
      return;
    }
    Refusal refusal =
        cause instanceof Refusal known
            ? known
            : Refusal.of(ErrorCode.INTERNAL, "The gateway failed on this request.");
    dispatch.ifPresent(Dispatch::cancel);
    ledger.refused(refusal);
    settle();
    caller.refuse(refusal);
  }
}
